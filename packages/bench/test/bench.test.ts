import { expect, test } from 'vitest';
import {
  MEASURED_TURNS,
  TurnMeter,
  cpuNanoseconds,
  inTurns,
  markdownTable,
  median,
  ratio,
  residentBytes,
  spread,
  startListening,
} from '../src/index.ts';

const NODE = [process.execPath, '-e'];

test('the median of an even number of values is the mean of the two in the middle, of none it is not a number', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([])]).toEqual([2, 2.5, Number.NaN]);
});

test('a spread shows median, smallest and largest, and a dash where something was not measured', () => {
  expect(spread([30, 10, 20], String)).toBe('20 (10–30)');
  expect([spread([], String), spread([1, Number.NaN], String)]).toEqual(['–', '–']);
  expect([ratio(1, 4), ratio(1, 0)]).toEqual(['0.25', '–']);
});

test('the columns of a table are as wide as their widest cell', () => {
  expect(markdownTable(['a', 'longer'], [['wide', '1']])).toBe('| a    | longer |\n| ---- | ------ |\n| wide | 1      |');
});

test('contenders take turns within each round', async () => {
  const turns: string[] = [];
  const samples = await inTurns({
    cells: [1, 2],
    rounds: 2,
    contenders: () => [{ name: 'a' }, { name: 'b' }],
    describe: String,
    measure: async (cell, { name }) => turns.push(`${cell}${name}`),
  });
  expect(turns.join(' ')).toBe('1a 1b 2a 2b 1a 1b 2a 2b');
  expect(samples.get(2)?.get('b')).toEqual([4, 8]);
});

test.each(['1234', '{"endpoints":["udp://127.0.0.1:1234"]}', 'N listening on UDP AF=2 127.0.0.1:1234'])(
  'a program that says %j listens, and has a cost',
  async (line) => {
    const script = `console.log(${JSON.stringify(line)}); console.log('ready'); setInterval(() => undefined, 1000)`;
    await using program = await startListening([...NODE, script]);
    expect(program.port).toBe(1234);
    expect(await program.nextLine()).toBe('ready');
    expect(cpuNanoseconds(program.pid)).toBeGreaterThan(0);
    expect(residentBytes(program.pid)).toBeGreaterThan(1_000_000);
  },
);

test('a program that ends before it listens is an error with what it said', async () => {
  await expect(startListening([...NODE, "console.error('no port is free')"])).rejects.toThrow(/ended before it listened: no port is free/);
});

test('a program says how long a turn of its event loop has taken since it was asked last', async () => {
  const meter = new TurnMeter();
  const spin = `const end = process.threadCpuUsage().user + 80_000; while (process.threadCpuUsage().user < end);`;
  const script = `setInterval(() => undefined, 1); console.log('1234'); setTimeout(() => { ${spin} console.log('spun'); }, 10)`;
  await using program = await startListening([process.execPath, ...MEASURED_TURNS, '-e', script], (line) => meter.note(line));
  expect(await program.nextLine()).toBe('spun');
  expect(await meter.longestMs(program.pid)).toBeGreaterThanOrEqual(80);
  expect(await meter.longestMs(program.pid)).toBeLessThan(80);
});
