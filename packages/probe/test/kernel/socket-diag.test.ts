import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closed } from '@socklab/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startSocketDiag } from '../../src/kernel/diag-process.ts';
import { createSight } from '../../src/kernel/sight.ts';
import { socketQuestion } from '../../src/kernel/sock-diag.ts';
import { pair, rowOf } from './unread-pair.ts';
import type { SocketDiag } from '../../src/kernel/diag-process.ts';
import type { RowAddress } from '../../src/kernel/tcp-table.ts';

interface OpenDiag extends SocketDiag, Disposable {}

function openDiag(): OpenDiag {
  const diag = startSocketDiag();
  return { ask: diag.ask, close: diag.close, isOpen: true, [Symbol.dispose]: diag.close };
}

function questions(...rows: readonly RowAddress[]): readonly Buffer[] {
  return rows.map((row) => socketQuestion(row)!);
}

afterEach(() => void vi.unstubAllEnvs());

describe.runIf(process.platform === 'linux')('asking the kernel about single sockets', () => {
  test.for(['127.0.0.1', '::1'])('tells what waits at each end of a connection to %s', async (host) => {
    using diag = openDiag();
    await using connection = await pair(host);
    connection.client.write('unread');
    const [own, peer] = (await diag.ask(questions(rowOf(connection.client), rowOf(connection.peer))))!;
    expect(own).toMatchObject({ isFound: true, unacknowledgedBytes: 0, unreadBytes: 0 });
    expect(peer).toMatchObject({ isFound: true, unreadBytes: 6 });
  });

  test('does not take a socket that listens or rests for a connection', async () => {
    using diag = openDiag();
    await using connection = await pair();
    const row = rowOf(connection.client);
    const unknown = { ...row, localPort: row.remotePort, remotePort: 1 };
    connection.client.end();
    connection.peer.resume();
    connection.peer.end();
    await Promise.all([closed(connection.client), closed(connection.peer)]);
    const answers = await diag.ask(questions(unknown, row));
    expect(answers?.map(({ isFound }) => isFound)).toEqual([false, false]);
  });

  test('answers many questions, each in its place', async () => {
    using diag = openDiag();
    await using connection = await pair();
    connection.client.write('unread');
    const rows = Array.from({ length: 3_000 }, (_, index) => rowOf(index % 3 === 0 ? connection.peer : connection.client));
    const answers = await diag.ask(questions(...rows));
    expect(answers?.map(({ unreadBytes }) => unreadBytes)).toEqual(rows.map((_, index) => (index % 3 === 0 ? 6 : 0)));
  });

  test('answers nothing once its process is gone, or where it cannot be started', async () => {
    await using connection = await pair();
    const asked = questions(rowOf(connection.client));
    const diag = startSocketDiag();
    const pending = diag.ask(asked);
    diag.close();
    expect([await pending, await diag.ask(asked), diag.isOpen]).toEqual([undefined, undefined, false]);
    vi.stubEnv('PATH', '/nowhere');
    expect(await startSocketDiag().ask(asked)).toBeUndefined();
  });

  test.for([
    ['does not answer', 'exec /bin/sleep 60'],
    ['ends', 'exit 1'],
    ['never stops talking', 'exec /bin/cat /dev/zero'],
    ['says more than was asked', '/usr/bin/head -c 89 /dev/zero; exec /bin/sleep 60'],
  ])('is closed when its process %s', async ([, does]) => {
    const folder = await mkdtemp(join(tmpdir(), 'socklab-'));
    await writeFile(join(folder, 'perl'), `#!/bin/sh\n${does}\n`, { mode: 0o755 });
    await using connection = await pair();
    vi.stubEnv('PATH', folder);
    const diag = startSocketDiag(200);
    expect([await diag.ask(questions(rowOf(connection.client))), diag.isOpen]).toEqual([undefined, false]);
    await rm(folder, { recursive: true });
  });

  test('asks nothing about what is no address', () => {
    const row = { localAddress: '127.0.0.1', localPort: 1, remoteAddress: 'localhost', remotePort: 1 };
    expect(socketQuestion(row)).toBeUndefined();
  });
});

describe('what is seen of a connection', () => {
  test('counts an empty queue of the peer only once everything has arrived there', () => {
    const sight = createSight();
    sight.seePeer(0);
    sight.seeOwn(6);
    sight.seePeer(0);
    expect(sight.isRead).toBe(false);
    sight.seeOwn(0);
    expect(sight.isRead).toBe(false);
    sight.seePeer(1);
    expect(sight.isRead).toBe(false);
    sight.seePeer(0);
    expect(sight.isRead).toBe(true);
  });
});
