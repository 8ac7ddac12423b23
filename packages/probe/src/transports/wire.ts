import { Duplex } from 'node:stream';
import { callbackify } from 'node:util';
import { concatBytes } from '../bytes/concat-bytes.ts';
import { delay } from '../delay.ts';
import { deliver } from '../delivery/deliver.ts';
import { optional } from '../optional.ts';
import type { Pace } from '../delivery/pace.ts';
import type { Bytes, Cut, PieceObservation } from '../types.ts';
import type { Socket } from 'node:net';

/** Options of {@link createWire}. */
export interface WireOptions {
  /** Where the bytes that are sent are cut, counted from the first of the connection; ascending. */
  readonly cuts: readonly Cut[];
  readonly pace: Pace;
  /** How long nothing is sent behind each cut, in milliseconds. @defaultValue 0 */
  readonly pauseMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly peerPid?: number | undefined;
}

/** A TCP connection whose bytes are cut, whoever writes them: what TLS is spoken over. */
export interface Wire {
  readonly stream: Duplex;
  /** What became of the bytes up to each cut that was reached. */
  readonly pieces: readonly PieceObservation[];
  /** When bytes last came or were sent, on the clock of `performance.now()`. */
  readonly changedAt: number;
  /** All that was sent until {@link Wire.stop}. */
  sent(): Bytes;
  /** From now on nothing is cut or kept: what follows says good-bye. */
  stop(): void;
}

/**
 * Makes a {@link Wire} of a connection, which ends and breaks as that does. The bytes up to a cut go out by themselves, and are waited for
 * at the pace before more does; what is written meanwhile waits.
 */
export function createWire(socket: Socket, options: WireOptions): Wire {
  const pieces: PieceObservation[] = [];
  const kept: Bytes[] = [];
  let sentBytes = 0;
  let isStopped = false;
  let changedAt = performance.now();
  const send = async (bytes: Bytes): Promise<void> => {
    const from = sentBytes;
    sentBytes += bytes.length;
    if (!isStopped) kept.push(Uint8Array.from(bytes));
    let start = 0;
    for (const cut of isStopped ? [] : options.cuts) {
      const end = cut - from;
      if (end <= 0 || end > bytes.length) continue;
      pieces.push(...(await sendPiece(socket, bytes.subarray(start, end), options)));
      start = end;
      changedAt = performance.now();
    }
    // Whoever closes has seen the last of them go out.
    if (start < bytes.length)
      await deliver(socket, [bytes.subarray(start)], { pace: { kind: 'none' }, ...optional('signal', options.signal) });
  };
  const sendThen = callbackify(send);
  const stream = new Duplex({
    read: () => socket.resume(),
    write: (chunk: Bytes, _encoding, done) => sendThen(chunk, done),
    final: (done) => void socket.end(done),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk: Bytes) => {
    changedAt = performance.now();
    if (!stream.push(chunk)) socket.pause();
  });
  socket.on('end', () => stream.push(null));
  socket.on('error', (error) => stream.destroy(error));
  socket.on('close', () => stream.destroy());
  return {
    stream,
    pieces,
    get changedAt() {
      return changedAt;
    },
    sent: () => concatBytes(kept),
    stop: () => (isStopped = true),
  };
}

async function sendPiece(
  socket: Socket,
  piece: Bytes,
  { pace, pauseMs, signal, peerPid }: WireOptions,
): Promise<readonly PieceObservation[]> {
  const observed = await deliver(socket, [piece], {
    pace,
    isMoreToCome: true,
    ...optional('signal', signal),
    ...optional('peerPid', peerPid),
  });
  if (pauseMs !== undefined) await delay(pauseMs, signal);
  return observed;
}
