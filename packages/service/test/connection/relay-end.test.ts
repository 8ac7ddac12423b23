import { once } from 'node:events';
import { createServer } from 'node:net';
import { acceptRelayEnd, dialRelayEnd } from '@socklab/service';
import { closed, connectTo, listening, readAll, receive } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { Recorder, patternOf, turnUntil } from './links.ts';
import type { RelayEnd } from '@socklab/service';
import type { Server, Socket } from 'node:net';

/** Writes down what an end tells, and reads on only as long as it may. */
class Reader extends Recorder {
  connectedTimes = 0;
  /** Reads after which no more are wanted. */
  wanted = Number.POSITIVE_INFINITY;

  connected(): void {
    this.connectedTimes++;
    this.emit('told');
  }

  override bytes(memory: Buffer, byteLength: number): boolean {
    super.bytes(memory, byteLength);
    // The next read of any connection does the same to this memory.
    memory.fill(0xee, 0, byteLength);
    return --this.wanted > 0;
  }
}

/** An end, its reader, and the plain socket at the other side of the connection. */
interface Opened extends AsyncDisposable {
  readonly end: RelayEnd;
  readonly reader: Reader;
  readonly peer: Socket;
}

const KINDS = ['accepted', 'dialled'] as const;

async function open(kind: (typeof KINDS)[number], staticRead: boolean, wanted?: number): Promise<Opened> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
  const port = await listening(server);
  const reader = new Reader();
  if (wanted !== undefined) reader.wanted = wanted;
  const { end, peer } = await (kind === 'accepted' ? accept(server, port) : dial(server, port));
  peer.on('error', () => undefined);
  return {
    end,
    reader,
    peer,
    async [Symbol.asyncDispose]() {
      peer.destroy();
      end.socket.destroy();
      server.close();
      if (reader.ends.length === 0) await reader.until(() => reader.ends.length > 0);
    },
  };

  async function accept(from: Server, at: number) {
    const accepted = once(from, 'connection') as Promise<[Socket]>;
    const [socket, [taken]] = await Promise.all([connectTo(at, { allowHalfOpen: true, noDelay: true }), accepted]);
    return { end: acceptRelayEnd(taken, reader, { staticRead }), peer: socket };
  }

  async function dial(from: Server, at: number) {
    const accepted = once(from, 'connection') as Promise<[Socket]>;
    const dialled = dialRelayEnd({ host: '127.0.0.1', port: at }, reader, { staticRead });
    await reader.until(() => reader.connectedTimes === 1);
    return { end: dialled, peer: (await accepted)[0] };
  }
}

describe.each(KINDS.flatMap((kind) => [true, false].map((staticRead) => ({ kind, staticRead }))))(
  'an end that is $kind, with static reads $staticRead',
  ({ kind, staticRead }) => {
    test('hands on what comes, and tells of the end', async () => {
      await using opened = await open(kind, staticRead);
      expect(opened.end.isStatic).toBe(staticRead);
      const bytes = patternOf(1, 500_000);
      opened.peer.end(bytes);
      await opened.reader.until(() => opened.reader.endedTimes === 1);
      expect(Buffer.concat(opened.reader.chunks).equals(bytes)).toBe(true);
    });

    test('reads no more once its reader wants no more, and all of the rest after resume', async () => {
      await using opened = await open(kind, staticRead, 1);
      const bytes = patternOf(2, 8 * 1024 * 1024);
      opened.peer.end(bytes);
      await opened.reader.until(() => opened.reader.chunks.length === 1);
      // Another connection is served all the while: what the first could hand out, it has handed out.
      await using other = await open(kind, staticRead);
      for (let round = 1; round <= 20; round++) {
        other.peer.write('x');
        await other.reader.until(() => other.reader.text.length === round);
      }
      expect(opened.reader.chunks).toHaveLength(1);
      opened.reader.wanted = Number.POSITIVE_INFINITY;
      opened.end.resume();
      await opened.reader.until(() => opened.reader.endedTimes === 1);
      expect(Buffer.concat(opened.reader.chunks).equals(bytes)).toBe(true);
    });

    test('reads on while its own bytes are not taken, and tells when they are', async () => {
      await using opened = await open(kind, staticRead);
      const bytes = patternOf(3, 65_536);
      let written = 0;
      for (let hasRoom = true; hasRoom; written += bytes.length) hasRoom = opened.end.write(bytes, bytes.length);
      expect(opened.end.pendingBytes).toBeGreaterThan(0);
      opened.peer.write('read all the same');
      await opened.reader.until(() => opened.reader.text === 'read all the same');
      expect(opened.reader.drainedTimes).toBe(0);
      const received = await receive(opened.peer, written);
      await opened.reader.until(() => opened.reader.drainedTimes === 1);
      expect(received.subarray(-bytes.length).equals(bytes)).toBe(true);
    });

    test('writes pieces out of memory that is overwritten at once, and tells when the kernel has them', async () => {
      await using opened = await open(kind, staticRead);
      const bytes = patternOf(4, 24 * 1024 * 1024);
      const memory = Buffer.alloc(70_000);
      const sizes = [1, 40, 1460, 65_536, 70_000];
      let received: Promise<Buffer> | undefined;
      for (let from = 0, index = 0; from < bytes.length; index++) {
        const to = Math.min(from + sizes[index % sizes.length]!, bytes.length);
        const start = memory.length - (to - from);
        bytes.copy(memory, start, from, to);
        if (!opened.end.writePiece(memory, start, memory.length)) {
          // Only now: what is read at once is taken at once.
          received ??= readAll(opened.peer);
          await new Promise<void>((resolve) => opened.end.whenTaken(resolve));
          expect(opened.end.pendingBytes).toBe(0);
        }
        memory.fill(0);
        from = to;
      }
      opened.end.end();
      expect((await received)?.equals(bytes)).toBe(true);
    });

    test('resets its peer', async () => {
      await using opened = await open(kind, staticRead);
      opened.end.reset();
      expect(await closed(opened.peer)).toMatchObject({ code: 'ECONNRESET' });
      await opened.reader.until(() => opened.reader.ends.length > 0);
      expect(opened.end.write(Buffer.from('x'), 1)).toBe(false);
    });

    test('tells of a reset by its peer, once, with its error', async () => {
      await using opened = await open(kind, staticRead);
      opened.peer.resetAndDestroy();
      await opened.reader.until(() => opened.reader.ends.length > 0);
      expect(opened.reader.ends).toEqual([expect.objectContaining({ code: 'ECONNRESET' })]);
    });
  },
);

test('tells with its error that nobody listens', async () => {
  const server = createServer();
  const port = await listening(server);
  server.close();
  await once(server, 'close');
  const reader = new Reader();
  dialRelayEnd({ host: '127.0.0.1', port }, reader);
  await reader.until(() => reader.ends.length > 0);
  expect({ ends: reader.ends, connected: reader.connectedTimes }).toEqual({
    ends: [expect.objectContaining({ code: 'ECONNREFUSED' })],
    connected: 0,
  });
});

test('never tells that bytes were taken by a peer that went before', async () => {
  await using opened = await open('dialled', true);
  const bytes = Buffer.alloc(65_536);
  while (opened.end.write(bytes, bytes.length));
  let isTaken = false;
  opened.end.whenTaken(() => (isTaken = true));
  opened.peer.resetAndDestroy();
  await turnUntil(() => opened.reader.ends.length > 0);
  expect(isTaken).toBe(false);
});
