import { fileURLToPath } from 'node:url';
import { experiments } from '@socklab/lab';
import { sourceCommand, startCommand, startProgram } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import type { LabReport } from '@socklab/lab';
import type { ProgramExit } from '@socklab/testkit';

async function demo(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ProgramExit> {
  await using program = startProgram('sticky-lab', ['demo', ...args], { env, stdin: 'ignore' });
  return await program.exit();
}

async function failingDemo(...args: readonly string[]): Promise<ProgramExit> {
  const file = fileURLToPath(new URL('../fixtures/failing-lab.ts', import.meta.url));
  await using program = startCommand(sourceCommand(file, ['demo', ...args]), { stdin: 'ignore' });
  return await program.exit();
}

describe('sticky-lab demo', () => {
  test('runs every experiment, prints what the sockets did and exits 0', async () => {
    const { code, stdout, stderr } = await demo([]);
    expect(stderr).toBe('');
    for (const { lesson, question, id } of experiments)
      expect(stdout).toContain(`\n${String(lesson).padEnd(4)}yes     ${question.en} (${id})\n`);
    expect(stdout).toMatch(/\n +sent {8}'hello', 'alex'\n +recv\(15\) {4}'helloalex', ''\n/);
    expect(stdout).toMatch(/\n +recv\(2\) {5}'he'\n +recv\(15\) {4}'lloalex', ''\n/);
    expect(stdout).toMatch(new RegExp(`\n${experiments.length} experiments in \\d+ ms: ${experiments.length} as expected\n$`));
    expect(code).toBe(0);
  });

  test('runs those named, in the order of the lessons', async () => {
    const { code, stdout } = await demo(['short-read-splits', 'two-sends-merge']);
    expect(stdout.match(/\([a-z-]+\)$/gm)).toEqual(['(two-sends-merge)', '(short-read-splits)']);
    expect(code).toBe(0);
  });

  test('--json prints the report and nothing else', async () => {
    const { code, stdout, stderr } = await demo(['--json', 'two-sends-merge']);
    const report = JSON.parse(stdout) as LabReport;
    expect(report).toMatchObject({
      machine: { node: process.version, platform: `${process.platform} ${process.arch}` },
      isAsExpected: true,
      experiments: [{ id: 'two-sends-merge', answer: 'yes', facts: { reads: ['helloalex', ''] }, params: { readBytes: 15 } }],
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test('--param changes the experiment, and the answer that is expected', async () => {
    const { code, stdout } = await demo(['short-read-splits', '--param', 'firstReadBytes=5', '--param', 'readBytes=1']);
    expect(stdout).toContain('11  no ');
    expect(stdout).toContain("recv(1)     'a', 'l', 'e', 'x', ''");
    expect(code).toBe(0);
  });

  test('takes its options from the environment too', async () => {
    const { code, stdout } = await demo(['two-sends-merge'], { STICKY_LAB_JSON: '1', STICKY_LAB_PARAM: 'readBytes=9' });
    expect(JSON.parse(stdout)).toMatchObject({ experiments: [{ params: { readBytes: 9 } }] });
    expect(code).toBe(0);
  });

  test('--list tells the experiments and their parameters, and runs none', async () => {
    const { code, stdout } = await demo(['--list']);
    for (const { lesson, id, question } of experiments) expect(stdout).toContain(`${String(lesson).padEnd(4)}${id}\n    ${question.en}\n`);
    expect(stdout).toContain('--param firstReadBytes=2  Most that the first read takes (bytes, 1 to 65536)');
    expect(stdout).not.toContain('as expected');
    expect(code).toBe(0);
  });

  test('--list --json is the same as JSON', async () => {
    const { stdout } = await demo(['--list', '--json', 'frames-survive']);
    const [{ id, lesson, title, question, why, params, challenges = [] }] = experiments.filter(
      (experiment) => experiment.id === 'frames-survive',
    ) as [(typeof experiments)[number]];
    expect(JSON.parse(stdout)).toEqual([
      { id, lesson, title, question, why, params, usual: 'yes', challenges: challenges.map(({ text }) => text) },
    ]);
    expect(challenges.length).toBeGreaterThan(0);
  });

  test('--language zh prints the table and the list in Chinese', async () => {
    const table = await demo(['--language', 'zh', 'two-sends-merge']);
    expect(table.stdout).toContain('10  是      紧接着发送的两条消息，会被一次读取一起收到吗？ (two-sends-merge)');
    expect(table.stdout).toMatch(/\n +发送 {6}'hello', 'alex'\n +recv\(15\) {2}'helloalex', ''\n/);
    expect(table.stdout).toMatch(/\n1 个实验，用时 \d+ 毫秒：1 个符合预期\n$/);
    const list = await demo(['--list', '--language', 'zh', 'two-sends-merge']);
    expect(list.stdout).toContain('--param readBytes=15  一次读取最多取走多少字节 (bytes, 1 to 65536)');
  });
});

describe('what does not go as expected', () => {
  test('exits 1, runs the rest, and says which and why', async () => {
    const { code, stdout, stderr } = await failingDemo();
    expect(stdout).toContain('1   no      Is it so? (wrong-answer)');
    expect(stdout).toContain('2   failed  Is it so? (broken-run)');
    expect(stdout).toMatch(/\n2 experiments in \d+ ms: 0 as expected, 1 UNEXPECTED, 1 FAILED\n$/);
    expect(stderr).toBe(
      'sticky-lab: 2 of 2 experiments did not go as expected: wrong-answer: the answer is no, expected yes; broken-run: no socket (LAB_ERR_UNEXPECTED)\n',
    );
    expect(code).toBe(1);
  });

  test('--json still prints the report', async () => {
    const { code, stdout } = await failingDemo('--json', 'broken-run');
    expect(JSON.parse(stdout)).toMatchObject({ isAsExpected: false, experiments: [{ outcome: 'failed', error: 'no socket' }] });
    expect(code).toBe(1);
  });
});

describe('bad input is one line and exit 2, before anything runs', () => {
  test.each([
    [['nope'], `unknown experiment "nope"; there are ${experiments.map(({ id }) => id).join(', ')}`],
    [['two-sends-merge', '--param', 'nope=1'], 'two-sends-merge has no parameter "nope", it has readBytes'],
    [['naive-fix-breaks', '--param', 'nope=1'], 'naive-fix-breaks has no parameter "nope", it has characters'],
    [['two-sends-merge', '--param', 'readBytes=0'], 'readBytes is 0; allowed: whole numbers from 1 to 65536 (bytes)'],
    [['two-sends-merge', '--param', 'readBytes=99999999999999999999'], 'allowed: whole numbers from 1 to 65536'],
    [['two-sends-merge', '--param', 'readBytes=many'], '"readBytes=many" is not a parameter: give name=value, as in readBytes=15.'],
    [['--param', 'readBytes=1'], 'has no parameter "readBytes"'],
    [['--language', 'de'], 'Allowed choices are en, zh.'],
    [['--nope'], "unknown option '--nope'"],
    [['--param'], "option '--param <name=value>' argument missing"],
  ])('demo %j', async (args, message) => {
    const { code, stdout, stderr } = await demo(args);
    expect(stderr).toMatch(/^sticky-lab: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

test('a reader that goes away ends it quietly', async () => {
  const demoTable = sourceCommand(fileURLToPath(new URL('../../src/main.ts', import.meta.url)), ['demo']);
  await using pipeline = startCommand(['sh', '-c', '"$@" | head -1', 'sh', ...demoTable], { stdin: 'ignore' });
  const { code, stdout, stderr } = await pipeline.exit();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^sticky-lab: what real sockets did[^\n]*\n$/);
});

test('--help and --version exit 0', async () => {
  const exits = await Promise.all(
    [['--help'], ['--version']].map(async (args) => {
      await using program = startProgram('sticky-lab', args, { stdin: 'ignore' });
      return await program.exit();
    }),
  );
  expect(exits.map(({ code }) => code)).toEqual([0, 0]);
  expect(exits[0]?.stdout).toContain('Usage: sticky-lab [options] [command]');
  expect(exits[1]?.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
