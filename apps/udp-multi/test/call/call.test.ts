import { PassThrough } from 'node:stream';
import { createProgram } from '@socklab/service';
import { startCommand, startTerminal, terminalAvailable } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { addCallCommand } from '../../src/call/index.ts';
import { startServer } from '../start.ts';
import { clientCommand, echoing, serving, startCall } from './call-servers.ts';

/** Runs the command in this process: what it prints, and the error that it fails with. */
async function callHere(...args: readonly string[]): Promise<{ readonly stdout: string; readonly error: unknown }> {
  const stdout = new PassThrough();
  const program = createProgram({ name: 'udp-multi', version: '0.0.0', description: 'A program for tests' });
  addCallCommand(program, { stdin: new PassThrough(), stdout, stderr: new PassThrough() });
  for (const command of [program, ...program.commands]) command.exitOverride().configureOutput({ writeErr: () => undefined });
  const error = await program.parseAsync(['call', ...args], { from: 'user' }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { stdout: String(stdout.read() ?? ''), error };
}

const at = (port: number): string => `127.0.0.1:${port}`;

test('one datagram is sent, and its answer is printed', async () => {
  await using server = await startServer();
  expect(await callHere(at(server.port), '--message', '你好')).toEqual({ stdout: '你好\n', error: undefined });
  expect(await callHere(at(server.port), '--message', '')).toEqual({ stdout: '\n', error: undefined });
  expect(await callHere(at(server.port), '--message', 'x', '--quiet')).toEqual({ stdout: '', error: undefined });
});

test('control bytes of an answer are shown, not obeyed', async () => {
  await using server = await echoing();
  const { stdout } = await callHere(at(server.target.port), '--message', 'a\u001b[2Jb');
  expect(stdout).not.toContain('\u001b');
});

test('one datagram without an answer in time is one line and exit code 1', async () => {
  await using mute = await serving(() => undefined);
  await using asked = startCall('call', at(mute.target.port), '--message', 'x', '--timeout', '50ms');
  expect(await asked.exit()).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `udp-multi: no answer from ${at(mute.target.port)} within 50 ms (CLIENT_ERR_NO_ANSWER)\n`,
  });
});

test('each line of standard input is a datagram; one without an answer is told, and the next one goes', async () => {
  await using server = await serving((datagram, answer) => {
    if (String(datagram) !== 'lost') answer(datagram);
  });
  await using talk = startCall('call', at(server.target.port), '--timeout', '1s');
  talk.write('one\nlost\n\nthree\n');
  talk.endInput();
  expect(await talk.exit()).toMatchObject({
    code: 1,
    stdout: 'one\n\nthree\n',
    stderr: [
      `no answer from ${at(server.target.port)} within 1000 ms\n`,
      'udp-multi: 1 of 4 datagrams were not answered (CLIENT_ERR_UNANSWERED)\n',
    ].join(''),
  });
});

test.each([
  ['another byte', ['jello'], 'byte 0 of the answer is wrong: expected 68 65 6c 6c 6f, received 6a 65 6c 6c 6f'],
  ['too few', ['he'], 'byte 2 of the answer is wrong: expected 6c 6c 6f, received its end'],
  ['one too many', ['hello!'], 'byte 5 of the answer is wrong: expected its end, received 21'],
  ['none at all', [''], 'byte 0 of the answer is wrong: expected 68 65 6c 6c 6f, received its end'],
  [
    'something before the right one',
    ['welcome', 'hello'],
    'byte 0 of the answer is wrong: expected 68 65 6c 6c 6f, received 77 65 6c 63 6f 6d 65',
  ],
])('an answer that is not what was sent exits with 1: %s', async (_, answers, error) => {
  await using server = await serving((_datagram, answer) => {
    for (const text of answers) answer(Buffer.from(text));
  });
  await using asked = startCall('call', at(server.target.port), '--message', 'hello');
  expect(await asked.exit()).toMatchObject({
    code: 1,
    stdout: expect.stringContaining(`${answers[0]}\n`),
    stderr: `udp-multi: ${error} (CLIENT_ERR_WRONG_ANSWER)\n`,
  });
});

test('a wrong answer within a conversation fails at its end; one that is late, or comes twice, is none', async () => {
  const late: (() => void)[] = [];
  await using server = await serving((datagram, answer) => {
    if (String(datagram) === 'late') late.push(() => answer(datagram));
    else answer(String(datagram) === 'wrong' ? Buffer.from('wrung') : datagram);
    if (String(datagram) === 'twice') answer(datagram);
    if (String(datagram) === 'after') late.pop()?.();
  });
  await using right = startCall('call', at(server.target.port), '--timeout', '200ms');
  right.write('late\nafter\ntwice\nlast\n');
  right.endInput();
  expect(await right.exit()).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^after\n(late\n)?twice\n(late\n|twice\n)*last\n$/),
    stderr: expect.stringContaining('1 of 4 datagrams were not answered (CLIENT_ERR_UNANSWERED)'),
  });
  await using wrong = startCall('call', at(server.target.port));
  wrong.write('one\nwrong\nthree\n');
  wrong.endInput();
  expect(await wrong.exit()).toMatchObject({
    code: 1,
    stdout: 'one\nwrung\nthree\n',
    stderr: 'udp-multi: byte 2 of the answer is wrong: expected 6f 6e 67, received 75 6e 67 (CLIENT_ERR_WRONG_ANSWER)\n',
  });
});

test('a server that is not there is one line, exit code 1', async () => {
  await using server = await echoing();
  await server[Symbol.asyncDispose]();
  for (const args of [
    ['--message', 'x'],
    ['-n', '1'],
  ]) {
    await using asked = startCall('call', at(server.target.port), ...args);
    expect(await asked.exit()).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `udp-multi: ${at(server.target.port)} refused: nothing listens on that UDP port (CLIENT_ERR_REFUSED)\n`,
    });
  }
});

test('a load prints its table, and no progress where there is no terminal', async () => {
  await using server = await echoing();
  await using load = startCall('call', at(server.target.port), '-n', '2000', '-c', '4', '--depth', '8', '--size', '100');
  const { code, stdout, stderr } = await load.exit();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const time = String.raw`[\d.,]+ (?:µs|ms|s)`;
  const rows = [
    'sockets      4',
    'sent         2,000',
    'answered     2,000',
    'lost         0',
    'answers      2,000',
    'bytes        200,000 out, 200,000 in',
    `duration     ${time}`,
    String.raw`answered/s   [\d.,]+`,
    'round trip   min      mean     p50      p90      p99      p99.9    max',
    `             ${Array.from({ length: 7 }, () => time).join(' +')}`,
  ];
  expect(stdout).toMatch(new RegExp(`^${rows.join('\n')}\n$`));
});

test('what is lost, late, doubled and wrong stands in the table', async () => {
  let late: (() => void) | undefined;
  await using server = await serving((datagram, answer) => {
    const number = datagram.readUInt32BE();
    if (number === 0) late = () => answer(datagram);
    else if (number === 2) answer(Buffer.alloc(64));
    else for (let copy = 0; copy < (number === 3 ? 3 : 1); copy += 1) answer(datagram);
    if (number === 1) late?.();
  });
  await using load = startCall('call', at(server.target.port), '-n', '10', '--timeout', '300ms');
  const { code, stdout, stderr } = await load.exit();
  expect(code).toBe(1);
  expect(stdout).toContain('sent         10\nanswered     8\nlost         2 (20% of sent: no answer within 300 ms, 1 answered later)\n');
  expect(stdout).toContain('answers      12 (2 duplicates, 1 late, 1 corrupt)\n');
  expect(stderr).toMatch(/^udp-multi: socket 1, datagram 0: an answer of 64 bytes: wrong from byte 4: .* \(CLIENT_ERR_LOAD_FAILED\)\n$/);
});

test('a load prints its report as one JSON object, quiet or not', async () => {
  await using server = await echoing();
  await using load = startCall('call', at(server.target.port), '--duration', '100ms', '--json', '--quiet', '--rate', '100/s');
  const { code, stdout } = await load.exit();
  expect(code).toBe(0);
  expect(stdout).toMatch(/^.*\n$/);
  expect(JSON.parse(stdout)).toMatchObject({
    ratePerSecond: 100,
    datagrams: { sent: 10, answered: 10, lost: 0 },
    roundTrip: { count: 10, p999Us: expect.any(Number) },
  });
});

test('loss is no failure, unless more is lost than allowed', async () => {
  await using server = await serving((datagram, answer) => {
    if (datagram.readUInt32BE() !== 1) answer(datagram);
  });
  const load = ['-n', '10', '--timeout', '300ms', '--quiet'];
  expect(await callHere(at(server.target.port), ...load)).toEqual({ stdout: '', error: undefined });
  expect(await callHere(at(server.target.port), ...load, '--max-loss', '5%')).toMatchObject({
    error: { code: 'CLIENT_ERR_LOAD_FAILED', message: '1 of 10 datagrams were lost: 10%; allowed: 5%' },
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops a load, which is reported and exits with 0', async (name) => {
  const busy = Promise.withResolvers<void>();
  let received = 0;
  await using server = await serving((datagram, answer) => {
    received += 1;
    if (received > 100) busy.resolve();
    answer(datagram);
  });
  await using load = startCall('call', at(server.target.port), '--duration', '1h', '--json');
  await busy.promise;
  load.signal(name);
  const { code, stdout } = await load.exit();
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ isStopped: true, datagrams: { lost: 0, unsent: 0 } });
});

test('a second Ctrl-C ends a load that waits for answers', async () => {
  const sent = Promise.withResolvers<void>();
  await using server = await serving(() => sent.resolve());
  await using load = startCall('call', at(server.target.port), '-n', '10', '--timeout', '1h');
  await sent.promise;
  load.signal('SIGINT');
  // Whichever arrives while the first is being handled is the second.
  const again = setInterval(() => load.signal('SIGINT'), 50);
  const { signal } = await load.exit().finally(() => clearInterval(again));
  expect(signal).toBe('SIGINT');
});

test.skipIf(!terminalAvailable())('on a terminal a line shows how far the load is, and is gone at the end', async () => {
  await using server = await echoing();
  await using terminal = startTerminal(clientCommand(['call', at(server.target.port), '--duration', '1500ms']));
  await terminal.waitFor(/^[\d.]+ s · [\d,]+ answered · [\d.,]+\/s · p99 [\d.,]+ (?:µs|ms|s)$/m);
  const { code, screen } = await terminal.exit();
  expect(code).toBe(0);
  expect(screen).not.toContain(' answered · ');
  expect(screen).toMatch(/^sockets {6}1$/m);
});

test('help says what exit codes mean, and how a server takes a load', async () => {
  await using help = startCall('call', '--help');
  const { code, stdout } = await help.exit();
  expect(code).toBe(0);
  for (const words of ['Exit code 0', 'sent = answered + lost', '--rate-ip off --rate-prefix off --rate-total off', '--loop-max 0']) {
    expect(stdout).toContain(words);
  }
});

test('what help says of a server that drops a load is so', async () => {
  const load = ['-n', '2000', '--depth', '16', '--quiet', '--max-loss', '0%'];
  await using strict = await startServer(['--trust', 'none']);
  expect(await callHere(at(strict.port), ...load, '--timeout', '200ms')).toMatchObject({
    error: { message: expect.stringMatching(/datagrams were lost/) },
  });
  const lifted = ['--trust', 'none', '--rate-ip', 'off', '--rate-prefix', 'off', '--rate-total', 'off', '--loop-max', '0'];
  await using open = await startServer(lifted);
  expect(await callHere(at(open.port), ...load)).toEqual({ stdout: '', error: undefined });
  const short = ['-n', '300', '--size', '0', '--quiet', '--max-loss', '0%'];
  await using unwatched = await startServer(['--loop-max', '0']);
  expect(await callHere(at(unwatched.port), ...short)).toEqual({ stdout: '', error: undefined });
});

test.each<[readonly string[], string]>([
  [['-n', '1', '--duration', '1s'], 'give --datagrams or --duration, not both'],
  [['--depth', '2', '--rate', '5/s'], 'give --depth (closed loop) or --rate (open loop), not both'],
  [['--message', 'x', '-c', '2'], '--message is one datagram, --sockets is for a load, which makes its own: give one of them'],
  [['--json'], '--json is for a load: give --datagrams or --duration with it'],
  [['--max-loss', '1%'], '--max-loss is for a load: give --datagrams or --duration with it'],
  [['--message', 'x'.repeat(65_508)], 'a text of 65,508 bytes does not fit in one datagram: at most 65,507 bytes over IPv4'],
  [
    ['-c', '10001'],
    `error: option '-c, --sockets <n>' argument '10001' is invalid. "10001" is not a count: give a whole number from 1 to 10000.`,
  ],
  [
    ['--size', '70000'],
    `error: option '--size <size>' argument '70000' is invalid. "70000" is not a size to send: give 0 to 65527 bytes, ranges upwards: 64, 16..1KiB.`,
  ],
  [
    ['--rate', '5'],
    `error: option '--rate <rate>' argument '5' is invalid. "5" is not a rate: give a number per second or minute, at most 1000000/s: 1000/s, 30/m, off.`,
  ],
])('%j is wrong usage, told in one line', async (args, text) => {
  expect(await callHere('127.0.0.1:1', ...args)).toMatchObject({ stdout: '', error: { message: text } });
});

test('wrong usage exits with 2', async () => {
  await using refused = startCall('call', '127.0.0.1:1', '--json');
  expect(await refused.exit()).toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'udp-multi: --json is for a load: give --datagrams or --duration with it\n',
  });
});

test('more sockets than the process may have files are refused before any is made', async () => {
  const limited = ['sh', '-c', 'ulimit -n 100; exec "$@"', 'sh', ...clientCommand(['call', '127.0.0.1:1', '-c', '90'])];
  await using refused = startCommand(limited);
  expect(await refused.exit()).toMatchObject({
    code: 2,
    stderr: 'udp-multi: 90 sockets: this process may open 100 files, so at most 68; "ulimit -n" raises the limit\n',
  });
});
