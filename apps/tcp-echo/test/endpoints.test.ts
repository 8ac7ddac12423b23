import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectTo, inheritableTcp, readAll, startProgram } from '@socklab/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { portOf } from './start.ts';
import type { Socket } from 'node:net';

const isLinux = process.platform === 'linux';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tcp-echo-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function expectEcho(socket: Socket): Promise<void> {
  const answer = readAll(socket);
  socket.end('hello');
  expect((await answer).toString()).toBe('hello');
}

test('listens on tcp://[::1] and tcp://0.0.0.0, several at once, and warns of the wildcard', async () => {
  await using program = startProgram('tcp-echo', ['--listen', 'tcp://[::1]:0', '--listen', 'tcp://0.0.0.0:0']);
  const { endpoints } = await program.log('listening');
  const [six, four] = (endpoints as string[]).map((endpoint) => Number(/:(\d+)$/.exec(endpoint)?.[1]));
  await expectEcho(await connectTo(six!, { host: '::1' }));
  await expectEcho(await connectTo(four!));
  const warning = program.logs().find(({ level }) => level === 'warn');
  expect(JSON.stringify(warning)).toContain('0.0.0.0');
});

test('listens on unix:/path and removes the file at exit', async () => {
  const path = join(folder, 'echo.sock');
  await using program = startProgram('tcp-echo', ['--listen', `unix:${path}`]);
  expect(await program.log('listening')).toMatchObject({ endpoints: [`unix:${path}`] });
  await expectEcho(await connectTo(path));
  program.signal('SIGTERM');
  expect((await program.exit()).code).toBe(0);
  expect(existsSync(path)).toBe(false);
});

test('replaces a stale socket file, but not one that lives', async () => {
  const path = join(folder, 'stale.sock');
  const killed = startProgram('tcp-echo', ['--listen', `unix:${path}`]);
  await killed.log('listening');
  killed.signal('SIGKILL');
  await killed.exit();
  expect(existsSync(path)).toBe(true);
  await using program = startProgram('tcp-echo', ['--listen', `unix:${path}`]);
  await program.log('listening');
  await using second = startProgram('tcp-echo', ['--listen', `unix:${path}`]);
  const { code, stderr } = await second.exit();
  expect(code).toBe(69);
  expect(stderr).toContain(path);
  await expectEcho(await connectTo(path));
});

test('never removes a file that is no socket', async () => {
  const path = join(folder, 'precious.txt');
  await writeFile(path, 'keep me');
  await using program = startProgram('tcp-echo', ['--listen', `unix:${path}`]);
  expect((await program.exit()).code).not.toBe(0);
  expect(existsSync(path)).toBe(true);
});

test.skipIf(!isLinux)('listens on unix:@abstract', async () => {
  const name = `socklab-test-${process.pid}`;
  await using program = startProgram('tcp-echo', ['--listen', `unix:@${name}`]);
  await program.log('listening');
  await expectEcho(await connectTo(`\0${name}`));
});

test.skipIf(!isLinux)('listens on fd:3, a descriptor it inherits', async () => {
  const socket = inheritableTcp();
  await using program = startProgram('tcp-echo', ['--listen', 'fd:3'], { fds: [socket.fd] });
  socket.close();
  await program.log('listening');
  await expectEcho(await connectTo(socket.port));
});

test.each([
  ['can://can0', /AF_CAN/],
  ['rds://127.0.0.1:9000', /AF_RDS/],
  ['raw://127.0.0.1', /SOCK_RAW/],
])('%s is a family that Node does not have: says so, names what to use, exits 2', async (endpoint, family) => {
  await using program = startProgram('tcp-echo', ['--listen', endpoint]);
  const { code, stderr } = await program.exit();
  expect(code).toBe(2);
  expect(stderr).toMatch(family);
  expect(stderr).toMatch(/Node/);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('the port 0 is reported back as the one the system chose', async () => {
  await using program = startProgram('tcp-echo', ['--listen', 'tcp://127.0.0.1:0']);
  expect(await portOf(program)).toBeGreaterThan(0);
});
