import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closed, connectTo, foreignPeer, readAll, socketPair, startCommand } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { deliver } from '../../src/delivery/deliver.ts';
import { parsePace } from '../../src/delivery/pace.ts';
import type { Socket } from 'node:net';

const isLinux = process.platform === 'linux';
const script = foreignPeer('script');
const PIECES = Array.from({ length: 40 }, (_, index) => Buffer.from([index]));

/** What a blocking reader that takes its time after each read has read, in bytes a read. */
async function readsOf(pace: string): Promise<{ reads: number[]; confirmed: number }> {
  const file = fileURLToPath(new URL(`../peers/slow_reader.${script.command === 'perl' ? 'pl' : 'py'}`, import.meta.url));
  await using reader = startCommand([script.command, file, '0.015']);
  const port = Number(await reader.line(/^\d+$/));
  const socket = await connectTo(port, { noDelay: true });
  const observed = await deliver(socket, PIECES, { pace: parsePace(pace) });
  socket.end();
  const line = await reader.line(/^reads /);
  await closed(socket);
  const reads = line.slice('reads '.length).split(' ').map(Number);
  return { reads, confirmed: observed.filter(({ confirmed }) => confirmed).length };
}

describe.runIf(isLinux && script.available)('40 pieces of one byte to a slow blocking reader', () => {
  test('are 40 reads with drain, each but the last confirmed', async () => {
    const { reads, confirmed } = await readsOf('drain');
    expect(reads).toEqual(PIECES.map(() => 1));
    expect(confirmed).toBe(39);
  });

  test('are 40 reads with auto, which sees the queue of the reader', async () => {
    expect((await readsOf('auto')).reads).toHaveLength(40);
  });

  test.for(['none', 'gap:1ms'])('are fewer reads with %s, and none is confirmed', async (pace) => {
    const { reads, confirmed } = await readsOf(pace);
    expect(reads.length).toBeLessThan(40);
    expect(reads.reduce((sum, bytes) => sum + bytes, 0)).toBe(40);
    expect(confirmed).toBe(0);
  });
});

const isShown = spawnSync('ss', ['-xH']).status === 0;

describe('delivering', () => {
  test.for(['drain', 'auto', 'none', 'gap:1ms'])('passes on exactly the bytes it got, with %s', async (pace) => {
    await using pair = await socketPair();
    const received = readAll(pair.server);
    const observed = await deliver(pair.client, PIECES, { pace: parsePace(pace) });
    pair.client.end();
    expect(await received).toEqual(Buffer.concat(PIECES));
    expect(observed.map(({ bytes }) => bytes)).toEqual(PIECES.map(() => 1));
  });

  test('needs no confirmation for one piece alone, and gives one when more is to come', async () => {
    await using pair = await socketPair();
    pair.server.resume();
    const pace = parsePace('drain');
    expect(await deliver(pair.client, [PIECES[0]!], { pace })).toMatchObject([{ bytes: 1, confirmed: false }]);
    expect(await deliver(pair.client, [PIECES[0]!], { pace, isMoreToCome: true })).toMatchObject([{ bytes: 1, confirmed: isLinux }]);
    expect(await deliver(pair.client, [], { pace })).toEqual([]);
  });

  test.runIf(isLinux)('goes on unconfirmed when the peer does not read in time', async () => {
    await using pair = await socketPair({ server: { pauseOnConnect: true } });
    const observed = await deliver(pair.client, PIECES.slice(0, 3), { pace: { kind: 'drain', timeoutMs: 20 } });
    expect(observed.map(({ confirmed }) => confirmed)).toEqual([false, false, false]);
    expect(observed[0]!.waitedMs).toBeGreaterThanOrEqual(19);
  });

  test('returns early when the peer resets, with fewer observations than pieces', async () => {
    await using pair = await socketPair();
    pair.server.resetAndDestroy();
    await closed(pair.client);
    expect(await deliver(pair.client, PIECES, { pace: parsePace('drain') })).toEqual([]);
  });

  test.for([
    { kind: 'drain', timeoutMs: 10_000 },
    { kind: 'gap', ms: 10_000 },
  ] as const)('rejects with the reason of its signal while a piece waits: %j', async (pace) => {
    await using pair = await socketPair({ server: { pauseOnConnect: true } });
    const controller = new AbortController();
    const reason = new Error('enough');
    const delivering = deliver(pair.client, PIECES, { pace, signal: controller.signal });
    controller.abort(reason);
    await expect(delivering).rejects.toBe(reason);
  });

  test.for(['drain', 'auto'])(
    'confirms what is read from a unix socket where ss shows its queue, and nothing without, with %s',
    async (pace) => {
      const folder = await mkdtemp(join(tmpdir(), 'probe-'));
      const server = createServer({ pauseOnConnect: true });
      try {
        server.listen(join(folder, 'socket'));
        await once(server, 'listening');
        const accepted = once(server, 'connection') as Promise<[Socket]>;
        const client = await connectTo(join(folder, 'socket'));
        const [peer] = await accepted;
        const received = readAll(peer);
        const observed = await deliver(client, PIECES.slice(0, 3), { pace: parsePace(pace) });
        client.end();
        expect(await received).toEqual(Buffer.from([0, 1, 2]));
        // Nobody waits for the last one.
        expect(observed.map(({ confirmed }) => confirmed)).toEqual([isShown, isShown, false]);
        peer.end();
        await closed(client);
      } finally {
        server.close();
        await rm(folder, { recursive: true });
      }
    },
  );
});
