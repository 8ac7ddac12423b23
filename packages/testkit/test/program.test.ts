import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { repoRoot, sourceCommand, startCommand, startProgram } from '../src/index.ts';
import { fixture, startPuppet } from './puppet.ts';
import type { ProgramExit } from '../src/index.ts';

test('sees a line that came before the wait and one that comes after it', async () => {
  await using program = startPuppet();
  await program.line(/^ready$/);
  const later = program.line((line) => line.endsWith('later'));
  program.write('out see you later\n');
  expect(await later).toBe('see you later');
  expect(await program.line(/^ready$/)).toBe('ready');
});

test('tells the streams apart, and finds a line on standard error only when asked to', async () => {
  await using program = startPuppet({ deadlineMs: 100_000 });
  program.write('err trouble\nout fine\nexit 0\n');
  expect(await program.line(/./, 'stderr')).toBe('trouble');
  expect(await program.line(/trouble|fine/)).toBe('fine');
  await expect(program.line(/trouble/)).rejects.toThrow('line /trouble/ on stdout');
});

test('finds the nth line that matches, also with a pattern that keeps a position', async () => {
  await using program = startPuppet();
  program.write('out item a\nout item b\n');
  expect(await program.line(/item/g, { nth: 2 })).toBe('item b');
  expect(await program.line(/item/g, { nth: 1 })).toBe('item a');
});

test('waits for a prompt that has no newline', async () => {
  await using program = startPuppet();
  program.write('prompt who> \n');
  expect((await program.waitFor(/(\w+)> $/))[1]).toBe('who');
});

test('a last line without a newline counts once the stream ends', async () => {
  await using program = startPuppet();
  program.write('prompt the end\nexit 0\n');
  expect(await program.line(/^the end$/)).toBe('the end');
});

test('finds a JSON log line by its message, on either stream, among lines that are none', async () => {
  await using program = startPuppet();
  program.write('out {not json}\nout {"msg":"hi","n":1}\nerr {"msg":"hi","n":2}\nout {"msg":"bye"}\n');
  expect(await program.log('bye')).toEqual({ msg: 'bye' });
  expect(await program.log('hi', { where: ({ n }) => n === 2 })).toEqual({ msg: 'hi', n: 2 });
  expect(await program.log('hi', { nth: 2 })).toMatchObject({ msg: 'hi' });
  expect(program.logs('hi')).toHaveLength(2);
  expect(program.logs()).toHaveLength(3);
});

test('rejects every wait with the whole output and the exit code when the program exits first', async () => {
  await using program = startPuppet();
  const waits = [program.line(/never/), program.log('never'), program.waitFor(/never/)];
  const settled = Promise.allSettled(waits);
  program.write('out to stdout\nerr to stderr\nexit 7\n');
  for (const result of await settled) {
    const message = String((result as PromiseRejectedResult).reason);
    expect(message).toMatch(/waited for .*never.*, but the process exited with code 7\n/);
    expect(message).toContain('to stdout');
    expect(message).toContain('to stderr');
  }
  await expect(program.line(/never/)).rejects.toThrow('exited with code 7');
  expect(await program.exit()).toEqual({ code: 7, signal: null, stdout: 'ready\nto stdout\n', stderr: 'to stderr\n' });
});

test('rejects a wait at its deadline with what came instead', async () => {
  await using program = startCommand(['sh', '-c', 'echo something else; cat'], { deadlineMs: 1_000 });
  await program.line(/^something else$/);
  await expect(program.line(/never/)).rejects.toThrow(/did not come within 1000 ms\n[^]*is running\)[^]*something else/);
});

test('exit() says so when a process left behind still holds the output', async () => {
  await using program = startCommand(['sh', '-c', 'sleep 60 & echo left $!'], { deadlineMs: 1_000 });
  const left = Number((await program.line(/^left /)).slice('left '.length));
  onTestFinished(() => void process.kill(left, 'SIGKILL'));
  await expect(program.exit()).rejects.toThrow(/did not come within 1000 ms\n[^]*has ended: code 0/);
});

test('gives a clean environment with NO_COLOR=1 and what the test adds', async () => {
  vi.stubEnv('TCP_ECHO_LISTEN', 'tcp://127.0.0.1:1');
  onTestFinished(() => void vi.unstubAllEnvs());
  await using program = startPuppet({ env: { UDP_MULTI_LISTEN: 'udp://127.0.0.1:0' } });
  program.write('env TCP_ECHO_LISTEN\nenv UDP_MULTI_LISTEN\nenv NO_COLOR\nenv PATH\n');
  expect(await program.line(/^TCP_ECHO_LISTEN=/)).toBe('TCP_ECHO_LISTEN=(none)');
  expect(await program.line(/^UDP_MULTI_LISTEN=/)).toBe('UDP_MULTI_LISTEN=udp://127.0.0.1:0');
  expect(await program.line(/^NO_COLOR=/)).toBe('NO_COLOR=1');
  expect(await program.line(/^PATH=/)).toBe(`PATH=${process.env['PATH']}`);
});

test('passes arguments and folder', async () => {
  await using program = startPuppet({ cwd: tmpdir() }, ['--say', 'two words']);
  program.write('arguments\nfolder\n');
  expect(await program.line(/^\[/)).toBe('["--say","two words"]');
  expect(await program.line(/^\//)).toBe(tmpdir());
});

test('ends the input when asked, and at once with stdin ignored', async () => {
  await using program = startPuppet();
  program.endInput();
  await program.line(/^input ended$/);
  await using deaf = startPuppet({ stdin: 'ignore' });
  await deaf.line(/^input ended$/);
  expect(() => deaf.write('out hello\n')).toThrow(`stdin: 'ignore'`);
});

test('writing to a program that is gone does nothing', async () => {
  await using program = startPuppet();
  program.write('exit 0\n');
  await program.exit();
  program.write('out hello\n');
  expect(program.signal('SIGTERM')).toBe(false);
});

test('sends a signal and tells which one ended the program', async () => {
  await using program = startPuppet();
  await program.line(/^ready$/);
  expect(program.signal('SIGTERM')).toBe(true);
  expect(await program.exit()).toMatchObject({ code: null, signal: 'SIGTERM' });
});

test('leaving the scope kills a program that refuses SIGTERM', async () => {
  let pid: number;
  {
    await using program = startPuppet();
    program.write('stubborn\nout set\n');
    await program.line(/^set$/);
    program.signal('SIGTERM');
    await program.line(/^refused$/);
    ({ pid } = program);
  }
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('leaving the scope returns although a process left behind holds the output', async () => {
  let left: number;
  let exit: Promise<ProgramExit>;
  {
    await using program = startCommand(['sh', '-c', 'sleep 60 & echo left $!; cat']);
    left = Number((await program.line(/^left /)).slice('left '.length));
    exit = program.exit();
  }
  onTestFinished(() => void process.kill(left, 'SIGKILL'));
  expect(await exit).toMatchObject({ code: null, signal: 'SIGKILL' });
});

test('a program nobody disposed of ends with the process that started it', async () => {
  await using program = startCommand(sourceCommand(fixture('forgetful.ts')));
  await program.line(/^started /);
  // Resolves only when nobody holds its standard output any more.
  expect(await program.exit()).toMatchObject({ code: 0 });
});

test('inherits open descriptors as 3, 4 …', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'testkit-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const fds = ['three', 'four'].map((text) => {
    writeFileSync(join(folder, text), text);
    return openSync(join(folder, text), 'r');
  });
  await using program = startPuppet({ fds });
  for (const fd of fds) closeSync(fd);
  program.write('descriptor 4\ndescriptor 3\n');
  await program.line(/^four$/);
  await program.line(/^three$/);
});

test('talks over an IPC channel and closes it', async () => {
  await using program = startPuppet({ ipc: true });
  program.write('send one\nsend two\n');
  expect(await program.message()).toEqual({ text: 'one' });
  expect(await program.message((message) => (message as { text: string }).text === 'two')).toEqual({ text: 'two' });
  program.send({ type: 'drain' });
  await program.line(/^message \{"type":"drain"\}$/);
  program.disconnect();
  await program.line(/^disconnected$/);
});

test('hears of the end of a process whose channel it closed', async () => {
  await using program = startPuppet({ ipc: true });
  program.disconnect();
  await program.line(/^disconnected$/);
  program.signal('SIGKILL');
  expect(await program.exit()).toMatchObject({ signal: 'SIGKILL' });
});

test('without ipc there is no channel', async () => {
  await using program = startPuppet();
  expect(() => program.send({})).toThrow('without ipc: true');
  expect(() => program.message()).toThrow('without ipc: true');
});

test('throws at once when a command cannot be started', () => {
  expect(() => startCommand(['/no/such/program'])).toThrow('cannot start /no/such/program');
  expect(() => startCommand([])).toThrow(RangeError);
});

test('startProgram runs the main file of a service from source, in its folder', async () => {
  const preload = pathToFileURL(fixture('introduce.mjs')).href;
  await using program = startProgram('udp-multi', ['--listen', 'udp://127.0.0.1:0'], {
    env: { NODE_OPTIONS: `--import ${preload}` },
  });
  expect(JSON.parse(await program.line(/^\{/))).toEqual({
    folder: join(repoRoot, 'apps/udp-multi'),
    file: join(repoRoot, 'apps/udp-multi/src/main.ts'),
    arguments: ['--listen', 'udp://127.0.0.1:0'],
    flags: ['-C', '@socklab/source'],
    noColor: '1',
  });
});
