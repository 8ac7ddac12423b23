import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { readUnixTable, untilUnixRead } from '../../src/kernel/unix-sockets.ts';
import type { Socket } from 'node:net';

const folder = mkdtempSync(join(tmpdir(), 'unix-'));
const opened: (() => unknown)[] = [];
const isShown = spawnSync('ss', ['-xH']).status === 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

afterEach(() => {
  for (const end of opened.splice(0)) end();
});

test('a table is read by its inodes, paths with spaces and other kinds of sockets among its lines', () => {
  const { unreadAtPeer, own } = readUnixTable(
    [
      'u_str LISTEN 0      5      /run/a b.sock 11 * 0',
      'u_str ESTAB  5      0      /run/a b.sock 12 * 13',
      'u_str ESTAB  0      768                * 13 * 12',
      'u_dgr UNCONN 9      0                  * 14 * 15',
      'torn',
    ].join('\n'),
  );
  expect([...unreadAtPeer]).toEqual([
    ['13', 5],
    ['12', 0],
  ]);
  expect([...own]).toEqual(['12', '13']);
});

test('bytes are late while the peer does not read, and read when it has', async () => {
  const server = createServer({ pauseOnConnect: true });
  opened.push(() => server.close());
  const path = join(folder, 'socket');
  await once(server.listen(path), 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect({ path });
  opened.push(() => client.destroy());
  const [[peer]] = await Promise.all([accepted, once(client, 'connect')]);
  opened.push(() => peer.destroy());
  await new Promise((resolve) => client.write('hello', resolve));
  expect(await untilUnixRead(client, { timeoutMs: 1 })).toBe(isShown ? 'late' : 'unavailable');
  peer.resume();
  expect(await untilUnixRead(client, { timeoutMs: 20_000 })).toBe(isShown ? 'read' : 'unavailable');
});

test('a stream without a descriptor is not seen', async () => {
  expect(await untilUnixRead({}, { timeoutMs: 1 })).toBe('unavailable');
});
