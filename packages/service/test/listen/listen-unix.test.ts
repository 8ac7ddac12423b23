import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { lstat, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { listenTcp } from '@socklab/service';
import { temporaryFolder } from '@socklab/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { startFixture } from '../process.ts';
import { ask, connected, readAll } from '../sockets.ts';
import type { Server, Socket } from 'node:net';

function newServer(): Server {
  const server = createServer((socket) => socket.on('error', () => undefined).end('hello'));
  onTestFinished(() => void server.close());
  return server;
}

/** Leaves a socket file behind, as a process does that is killed. */
async function leaveStale(path: string): Promise<void> {
  await using holder = startFixture('holder', ['tcp', `unix:${path}`]);
  await holder.line(/^unix:/);
  holder.child.kill('SIGKILL');
  await holder.exit();
  expect((await lstat(path)).isSocket()).toBe(true);
}

test('listens on a path, and removes the file at close', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'echo.sock');
  const server = newServer();
  expect(await listenTcp(server, { kind: 'unix', path })).toBe(`unix:${path}`);
  expect(await readAll(await connected({ path }))).toBe('hello');
  server.close();
  await once(server, 'close');
  expect(existsSync(path)).toBe(false);
});

test('takes 600 clients that connect at the same moment', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'echo.sock');
  await listenTcp(newServer(), { kind: 'unix', path });
  // Nobody is accepted in between: the system says EAGAIN to whoever finds the line full.
  const answers = Array.from({ length: 600 }, async () => readAll(await connected({ path })));
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['hello']));
});

test('replaces a stale socket file, and nothing else stays behind', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'echo.sock');
  await leaveStale(path);
  await listenTcp(newServer(), { kind: 'unix', path });
  expect(await readAll(await connected({ path }))).toBe('hello');
  expect(await readdir(folder.path)).toEqual(['echo.sock']);
});

test('refuses a live socket, names who has it, and leaves it working', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'echo.sock');
  await using holder = startFixture('holder', ['tcp', `unix:${path}`]);
  await holder.line(/^unix:/);
  const error: unknown = await listenTcp(newServer(), { kind: 'unix', path }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'SERVICE_ERR_ADDRESS_IN_USE', exitCode: 69 });
  expect((error as Error).message.split('\n')).toEqual([
    expect.stringMatching(new RegExp(`^address in use: unix:${path} is held by process ${holder.pid}: .*holder\\.ts`)),
    `  stop it: kill ${holder.pid}`,
    '  choose another path with --listen',
    '  or use a port: tcp://127.0.0.1:0 takes a free one',
  ]);
  expect(await readAll(await connected({ path }))).toBe(String(holder.pid));
});

test('never removes a file that is no socket', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'notes.txt');
  await writeFile(path, 'precious');
  await expect(listenTcp(newServer(), { kind: 'unix', path })).rejects.toMatchObject({
    code: 'SERVICE_ERR_ADDRESS_IN_USE',
    message: expect.stringContaining('is not a socket, so it is left alone'),
  });
  expect(await readFile(path, 'utf8')).toBe('precious');
});

test('never removes a folder, nor a link to a file', async () => {
  await using folder = await temporaryFolder();
  const target = join(folder.path, 'notes.txt');
  const link = join(folder.path, 'link');
  await writeFile(target, 'precious');
  await symlink(target, link);
  for (const path of [folder.path, link]) {
    await expect(listenTcp(newServer(), { kind: 'unix', path })).rejects.toMatchObject({ code: 'SERVICE_ERR_ADDRESS_IN_USE' });
  }
  expect(await readFile(link, 'utf8')).toBe('precious');
});

test('a stale file is left alone while another process replaces it', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'echo.sock');
  await leaveStale(path);
  const waiting = Promise.withResolvers<Socket>();
  const lock = createServer((socket) => waiting.resolve(socket));
  lock.listen(`\0socklab-${createHash('sha256').update(path).digest('hex')}`);
  await once(lock, 'listening');
  const listening = listenTcp(newServer(), { kind: 'unix', path });
  const waiter = await waiting.promise;
  await expect(connected({ path })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  lock.close();
  waiter.destroy();
  await listening;
  expect(await readAll(await connected({ path }))).toBe('hello');
});

test('of many that start over one stale file, one gets the path and keeps it', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'echo.sock');
  await leaveStale(path);
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => listenTcp(newServer(), { kind: 'unix', path })));
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused).toHaveLength(7);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'SERVICE_ERR_ADDRESS_IN_USE' });
  expect(await readAll(await connected({ path }))).toBe('hello');
  expect(await readdir(folder.path)).toEqual(['echo.sock']);
});

test('of several processes that start over one stale file, one serves and the others exit 69', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'echo.sock');
  await leaveStale(path);
  await using stack = new AsyncDisposableStack();
  const services = Array.from({ length: 4 }, () => stack.use(startFixture('service', ['--listen', `unix:${path}`])));
  const outcomes = await Promise.all(
    services.map((service) => Promise.race([service.log('listening').catch(() => 'ended'), service.exit().then(({ code }) => code)])),
  );
  expect(outcomes.filter((outcome) => outcome === 69)).toHaveLength(3);
  expect(await ask(await connected({ path }), 'hello')).toBe('hello');
  expect(await readdir(folder.path)).toEqual(['echo.sock']);
});

test.each(['SIGTERM', 'crash'])('the file is gone after the process ended by %s', async (how) => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'echo.sock');
  await using service = startFixture('service', ['--listen', `unix:${path}`]);
  await service.log('listening');
  const client = await connected({ path });
  expect(await ask(client, 'hello')).toBe('hello');
  if (how === 'crash') client.write('throw\n');
  else service.child.kill('SIGTERM');
  client.end();
  expect((await service.exit()).code).toBe(how === 'crash' ? 1 : 0);
  expect(await readdir(folder.path)).toEqual([]);
});

test('an abstract socket has no file; in use, its holder is named', async () => {
  const name = `socklab-test-${process.pid}`;
  await using holder = startFixture('holder', ['tcp', `unix:@${name}`]);
  expect(await holder.line(/^unix:/)).toBe(`unix:@${name}`);
  expect(await readAll(await connected({ path: `\0${name}` }))).toBe(String(holder.pid));
  await expect(listenTcp(newServer(), { kind: 'abstract', name })).rejects.toMatchObject({
    code: 'SERVICE_ERR_ADDRESS_IN_USE',
    message: expect.stringContaining(`unix:@${name} is held by process ${holder.pid}:`),
  });
});
