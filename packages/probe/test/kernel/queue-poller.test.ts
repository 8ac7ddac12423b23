import { closed, standStill } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { areQueuesShown, sharedSocketDiag } from '../../src/kernel/queue-check.ts';
import { untilRead } from '../../src/kernel/queue-poller.ts';
import { pair, rowOf } from './unread-pair.ts';

const isLinux = process.platform === 'linux';
const WAIT = { timeoutMs: 15_000 };

describe.runIf(isLinux)('waiting until the peer has read', () => {
  test('this kernel shows what waits in its queues', async () => {
    expect(await areQueuesShown()).toBe(true);
  });

  const PAIRS = [
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['127.0.0.1', '::'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
  ] as const;

  test.for([
    { how: 'asks about single sockets', peerPid: undefined },
    // Of another process only the tables can be had.
    { how: 'reads the tables', peerPid: process.pid },
  ])('$how, and says read only once the peer reads', async ({ peerPid }) => {
    for (const [host, listenOn] of PAIRS) {
      await using connection = await pair(host, listenOn);
      const { client, peer } = connection;
      client.write('unread');
      expect(await untilRead(rowOf(client), { timeoutMs: 50, peerPid })).toBe('late');
      const waiting = untilRead(rowOf(client), { ...WAIT, peerPid });
      peer.resume();
      expect(await waiting).toBe('read');
      expect(peer.bytesRead).toBe(6);
    }
  });

  test('says read when this process stood still until the time was over', async () => {
    await using connection = await pair();
    const { client, peer } = connection;
    client.write('unread');
    const waiting = untilRead(rowOf(client), { timeoutMs: 50 });
    peer.resume();
    standStill(100);
    expect(await waiting).toBe('read');
  });

  test('says gone when the peer is reset meanwhile', async () => {
    await using connection = await pair();
    connection.client.write('unread');
    const waiting = untilRead(rowOf(connection.client), WAIT);
    connection.peer.resetAndDestroy();
    await closed(connection.client);
    expect(await waiting).toBe('gone');
  });

  test('says gone for a connection that is in no table', async () => {
    expect(await untilRead({ localAddress: '127.0.0.1', localPort: 1, remoteAddress: '127.0.0.1', remotePort: 1 }, WAIT)).toBe('gone');
  });

  test('looks into the namespace of another process, and says unavailable when there is none', async () => {
    await using connection = await pair();
    connection.client.write('unread');
    connection.peer.resume();
    expect(await untilRead(rowOf(connection.client), { ...WAIT, peerPid: process.pid })).toBe('read');
    expect(await untilRead(rowOf(connection.client), { ...WAIT, peerPid: 2 ** 30 })).toBe('unavailable');
  });

  test('rejects with the reason of its signal', async () => {
    await using connection = await pair();
    connection.client.write('unread');
    const controller = new AbortController();
    const waiting = untilRead(rowOf(connection.client), { ...WAIT, signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(untilRead(rowOf(connection.client), { ...WAIT, signal: controller.signal })).rejects.toBe(reason);
  });

  test('tells the waits of many connections apart', async () => {
    await using stack = new AsyncDisposableStack();
    const pairs = await Promise.all(Array.from({ length: 40 }, () => pair()));
    for (const each of pairs) stack.use(each);
    for (const [index, { client, peer }] of pairs.entries()) {
      client.write('unread');
      if (index % 2 === 0) peer.resume();
    }
    const states = await Promise.all(pairs.map(({ client }) => untilRead(rowOf(client), { timeoutMs: 2_000 })));
    expect(states).toEqual(pairs.map((_, index) => (index % 2 === 0 ? 'read' : 'late')));
  });

  test('reads the tables from then on when nothing can be asked any more, even while it is asked', async () => {
    await using connection = await pair();
    connection.client.write('unread');
    const waiting = untilRead(rowOf(connection.client), WAIT);
    setImmediate(() => sharedSocketDiag()?.close());
    connection.peer.resume();
    expect(await waiting).toBe('read');
    expect(sharedSocketDiag()).toBeUndefined();
    expect(await untilRead(rowOf(connection.client), WAIT)).toBe('read');
  });
});
