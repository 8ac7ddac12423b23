import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { codecByName } from '@socklab/framing';
import { createProgram } from '@socklab/service';
import { repoRoot, sourceCommand, startCommand, startProgram, startTerminal, terminalAvailable } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { addCallCommand } from '../../src/call/index.ts';
import { startEcho } from '../start.ts';
import { answering, serving } from './call-servers.ts';
import type { Program } from '@socklab/testkit';

const command = (args: readonly string[]) => sourceCommand(join(repoRoot, 'apps/tcp-echo/src/main.ts'), ['call', ...args]);
const call = (...args: readonly string[]): Program => startProgram('tcp-echo', ['call', ...args]);

/** Runs the command in this process: what it prints, and the error that it fails with. */
async function callHere(...args: readonly string[]): Promise<{ readonly stdout: string; readonly error: unknown }> {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const here = createProgram({ name: 'tcp-echo', version: '0.0.0', description: 'A program for tests' });
  addCallCommand(here, streams);
  const error: unknown = await here.parseAsync(['call', ...args], { from: 'user' }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { stdout: String(streams.stdout.read() ?? ''), error };
}

test('one message is answered, printed as it was received, and the exit code is 0', async () => {
  await using echo = await startEcho();
  await using said = call(`127.0.0.1:${echo.port}`, '--message', '你好\n');
  expect(await said.exit()).toMatchObject({ code: 0, stdout: '你好\\n\n', stderr: '' });
});

test('a file is one message, and quiet prints nothing', async () => {
  await using echo = await startEcho(['--framing', 'u32be']);
  const folder = await mkdtemp(join(tmpdir(), 'call-'));
  try {
    const path = join(folder, 'message');
    await writeFile(path, Buffer.of(0, 1, 255, 0x61));
    const target = `127.0.0.1:${echo.port}`;
    const framed = [target, '--framing', 'u32be', '--file', path];
    expect(await callHere(...framed)).toEqual({ stdout: '\\x00\\x01\\xffa\n', error: undefined });
    expect(await callHere(...framed, '--quiet')).toEqual({ stdout: '', error: undefined });
    expect(await callHere(...framed, '--max-frame', '3')).toMatchObject({
      error: { code: 'CLIENT_ERR_FILE', message: `${path} is too long for the message; allowed: 3 bytes` },
    });
    expect(await callHere(target, '--file', join(folder, 'none'))).toMatchObject({
      error: { code: 'CLIENT_ERR_FILE', message: expect.stringMatching(/^cannot read the message from .*: ENOENT/) },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each(['raw', 'line', 'u32be'])('%s: each line of standard input is answered, and the answers alone are printed', async (framing) => {
  await using echo = await startEcho(['--framing', framing]);
  await using lines = call(`127.0.0.1:${echo.port}`, '--framing', framing);
  lines.write('one\ntwo\n');
  await lines.line(/^two$/);
  lines.write('three');
  lines.endInput();
  expect(await lines.exit()).toMatchObject({ code: 0, stdout: 'one\ntwo\nthree\n', stderr: '' });
});

const WRONG_ANSWERS: readonly (readonly [string, string, string])[] = [
  ['another byte', 'jello', 'byte 0 of the answer is wrong: expected 68 65 6c 6c 6f, received 6a 65 6c 6c 6f'],
  ['too little', 'he', 'byte 2 of the answer is wrong: expected 6c 6c 6f, received its end'],
  ['too much', 'hello!', 'byte 5 of the answer is wrong: expected its end, received 21'],
  ['a greeting', '220 welcome', 'byte 0 of the answer is wrong: expected 68 65 6c 6c 6f, received 32 32 30 20 77 65 6c 63 6f 6d 65'],
];

test.each(['raw', 'u32be'])('%s: a wrong answer is printed, told, and fails: another byte, one too few, one too many', async (framing) => {
  const codec = codecByName(framing);
  for (const [what, answer, message] of WRONG_ANSWERS) {
    await using server = await serving((socket) => void socket.once('data', () => socket.end(codec.encode(Buffer.from(answer)))));
    const said = await callHere(`127.0.0.1:${server.target.port}`, '--framing', framing, '--message', 'hello');
    expect(said, what).toMatchObject({ stdout: `${answer}\n`, error: { code: 'CLIENT_ERR_WRONG_ANSWER', message } });
  }
});

test.each(['raw', 'u32be'])('%s: what comes behind the right answer fails, at once, after our end, and without end', async (framing) => {
  const [hello, more] = ['hello', 'more'].map((text) => codecByName(framing).encode(Buffer.from(text))) as [Uint8Array, Uint8Array];
  const late = await serving((socket) => void socket.once('data', () => socket.write(hello)).once('end', () => socket.end(more)));
  const endless = await serving((socket) => {
    socket
      .on('drain', () => socket.write(Buffer.alloc(65_536)))
      .once('data', () => socket.write(Buffer.concat([hello, Buffer.alloc(65_536)])));
  });
  for (const server of [late, endless]) {
    await using _ = server;
    const { error } = await callHere(`127.0.0.1:${server.target.port}`, '--framing', framing, '--message', 'hello');
    expect(error).toMatchObject({ code: 'CLIENT_ERR_WRONG_ANSWER' });
  }
});

test('a wrong answer within a conversation fails at its end, when all lines were answered', async () => {
  await using server = await serving((socket) => {
    socket.on('data', (chunk: Buffer) => socket.write(chunk.toString().replace('two', 'owt'))).on('end', () => socket.end());
  });
  await using lines = call(`127.0.0.1:${server.target.port}`);
  lines.write('one\ntwo\nthree\n');
  lines.endInput();
  expect(await lines.exit()).toMatchObject({
    code: 1,
    stdout: 'one\nowt\nthree\n',
    stderr: 'tcp-echo: byte 0 of the answer is wrong: expected 74 77 6f, received 6f 77 74 (CLIENT_ERR_WRONG_ANSWER)\n',
  });
});

test('an answer that does not come, or not whole, says what came', async () => {
  await using mute = await serving((socket) => void socket.resume());
  await using half = await serving((socket) => socket.on('data', () => socket.write('hal')));
  await using gone = await serving((socket) => socket.on('data', () => socket.end()));
  const ask = ({ target }: typeof mute) => callHere(`127.0.0.1:${target.port}`, '--message', 'halves', '--timeout', '1s');
  const [nothing, part, end] = await Promise.all([ask(mute), ask(half), ask(gone)]);
  expect(nothing).toMatchObject({ stdout: '', error: { code: 'CLIENT_ERR_NO_ANSWER', message: 'no answer within 1000 ms' } });
  expect(part).toMatchObject({ error: { message: 'no whole answer within 1000 ms: 3 of 6 bytes came' } });
  expect(end).toMatchObject({
    error: { code: 'CLIENT_ERR_CLOSED_EARLY', message: 'the server closed the connection before the answer' },
  });
});

test('an answer that does not come is one line and exit code 1', async () => {
  await using mute = await serving((socket) => void socket.resume());
  await using asked = call(`127.0.0.1:${mute.target.port}`, '--message', 'x', '--timeout', '50ms');
  expect(await asked.exit()).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^tcp-echo: no (?:answer|connection) within 50 ms \(CLIENT_ERR_[A-Z_]+\)\n$/),
  });
});

test('a load prints its table, and no progress where there is no terminal', async () => {
  await using echo = await startEcho();
  await using load = call(`127.0.0.1:${echo.port}`, '-n', '2000', '-c', '4', '--depth', '8', '--size', '100');
  const { code, stdout, stderr } = await load.exit();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const time = String.raw`[\d.,]+ (?:µs|ms|s)`;
  const rows = [
    'connections  4',
    'messages     2,000',
    String.raw`bytes        200,000 \(100 each\)`,
    `duration     ${time}`,
    String.raw`messages/s   [\d.,]+`,
    String.raw`MiB/s        [\d.,]+`,
    'latency      min      mean     p50      p90      p99      p99.9    max',
    `             ${Array.from({ length: 7 }, () => time).join(' +')}`,
    'errors       none',
  ];
  expect(stdout).toMatch(new RegExp(`^${rows.join('\n')}\n$`));
});

test('a load prints its report as one JSON object, quiet or not', async () => {
  await using echo = await startEcho();
  await using load = call(`127.0.0.1:${echo.port}`, '--duration', '100ms', '--json', '--quiet', '--rate', '100/s');
  const { code, stdout } = await load.exit();
  expect(code).toBe(0);
  expect(stdout).toMatch(/^.*\n$/);
  expect(JSON.parse(stdout)).toMatchObject({
    ratePerSecond: 100,
    messages: { sent: 10, answered: 10 },
    latency: { count: 10, p999Us: expect.any(Number) },
  });
});

test('a load that fails is reported, says why in one line, and exits with 1', async () => {
  await using server = await answering((bytes, socket) => {
    if (bytes.length > 0) socket.write(Buffer.from(bytes).toReversed());
    return bytes.length;
  });
  await using load = call(`127.0.0.1:${server.target.port}`, '-n', '10', '-c', '2');
  const { code, stdout, stderr } = await load.exit();
  expect(code).toBe(1);
  expect(stdout).toMatch(/^messages {5}0 \(\d unanswered, \d never sent\)\n/m);
  expect(stdout).toMatch(/^errors {7}mismatch 1\n/m);
  expect(stderr).toMatch(/^tcp-echo: connection \d, message 1: byte 0 of the answer is wrong: expected .* \(CLIENT_ERR_LOAD_FAILED\)\n$/);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops a load, which is reported and exits with 0', async (name) => {
  const busy = Promise.withResolvers<void>();
  await using server = await serving((socket) => {
    let received = 0;
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > 6400) busy.resolve();
      socket.write(chunk);
    });
    socket.on('end', () => socket.end());
  });
  await using load = call(`127.0.0.1:${server.target.port}`, '--duration', '1h', '--json');
  await busy.promise;
  load.signal(name);
  const { code, stdout } = await load.exit();
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ isStopped: true, messages: { unanswered: 0, unsent: 0 } });
});

test('a second Ctrl-C ends a load that waits for answers', async () => {
  const sent = Promise.withResolvers<void>();
  await using server = await serving((socket) => socket.once('data', () => sent.resolve()));
  await using load = call(`127.0.0.1:${server.target.port}`, '-n', '10', '--timeout', '1h');
  await sent.promise;
  load.signal('SIGINT');
  // Whichever arrives while the first is being handled is the second.
  const again = setInterval(() => load.signal('SIGINT'), 50);
  const { signal } = await load.exit().finally(() => clearInterval(again));
  expect(signal).toBe('SIGINT');
});

test.skipIf(!terminalAvailable())('on a terminal a line shows how far the load is, and is gone at the end', async () => {
  await using echo = await startEcho();
  await using terminal = startTerminal(command([`127.0.0.1:${echo.port}`, '--duration', '1500ms']));
  await terminal.waitFor(/^[\d.]+ s · [\d,]+ messages · [\d.,]+\/s · p99 [\d.,]+ (?:µs|ms|s)$/m);
  const { code, screen } = await terminal.exit();
  expect(code).toBe(0);
  expect(screen).not.toContain(' messages · ');
  expect(screen).toMatch(/^connections {2}1$/m);
});

test.skipIf(!terminalAvailable())('on a terminal a conversation has a prompt', async () => {
  await using echo = await startEcho();
  await using terminal = startTerminal(command([`127.0.0.1:${echo.port}`]));
  await terminal.waitFor(/>>> $/);
  terminal.enter('hello');
  await terminal.waitFor(/^>>> hello\nhello\n>>> $/m);
  terminal.write('\u0004');
  expect((await terminal.exit()).code).toBe(0);
});

test.each<[readonly string[], string]>([
  [['--message', 'x', '--file', 'y'], 'give --message or --file, not both'],
  [['-n', '1', '--duration', '1s'], 'give --messages or --duration, not both'],
  [['--message', 'x', '-c', '2'], '--message is one message, --connections is for a load, which makes its own: give one of them'],
  [['--json'], '--json is for a load: give --messages or --duration with it'],
  [['--message', ''], 'the message is empty: without a framing there is nothing to send'],
  [
    ['-n', '1', '--framing', 'mqtt', '--size', '5'],
    '--framing mqtt carries whole frames of its protocol, which have their own sizes: leave out --size',
  ],
  [
    ['-c', '10001'],
    `error: option '-c, --connections <n>' argument '10001' is invalid. "10001" is not a count: give a whole number from 1 to 10000.`,
  ],
])('%j is wrong usage, told in one line', async (args, text) => {
  expect(await callHere('127.0.0.1:1', ...args)).toMatchObject({ stdout: '', error: { message: text } });
});

test('wrong usage exits with 2', async () => {
  await using refused = call('127.0.0.1:1', '--json');
  expect(await refused.exit()).toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'tcp-echo: --json is for a load: give --messages or --duration with it\n',
  });
});

test('more connections than the process may have files are refused before any is made', async () => {
  const limited = ['sh', '-c', 'ulimit -n 100; exec "$@"', 'sh', ...command(['127.0.0.1:1', '-c', '90'])];
  await using refused = startCommand(limited);
  expect(await refused.exit()).toMatchObject({
    code: 2,
    stderr: 'tcp-echo: 90 connections: this process may open 100 files, so at most 68; "ulimit -n" raises the limit\n',
  });
});

test('nothing that listens is one line, exit code 1', async () => {
  await using refused = call('127.0.0.1:1', '-n', '1');
  expect(await refused.exit()).toMatchObject({ code: 1, stderr: expect.stringMatching(/^tcp-echo: nothing listens there \(/) });
});
