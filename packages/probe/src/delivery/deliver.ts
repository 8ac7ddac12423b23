import { delay } from '../delay.ts';
import { areQueuesShown } from '../kernel/queue-check.ts';
import { untilRead } from '../kernel/queue-poller.ts';
import { untilUnixRead } from '../kernel/unix-sockets.ts';
import { optional } from '../optional.ts';
import { AUTO_GAP_MS, DEFAULT_DRAIN_TIMEOUT_MS } from './pace.ts';
import { write, writeAtOnce } from './write.ts';
import type { ReadState } from '../kernel/queue-poller.ts';
import type { Bytes, PieceObservation } from '../types.ts';
import type { Pace, ReadObserver } from './pace.ts';
import type { Duplex } from 'node:stream';

/**
 * What pieces are delivered to: a TCP socket, or a TLS socket over one. Of a unix socket it is
 * seen where `ss` is installed. Other streams take pieces too; that they were read cannot be seen.
 */
export interface DeliverySocket extends Duplex {
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/** Options of {@link deliver}. */
export interface DeliverOptions {
  readonly pace: Pace;
  readonly signal?: AbortSignal;
  /** A process in the peer's network namespace, when that is not ours. */
  readonly peerPid?: number;
  /** Whether the last piece is awaited too, because more is delivered on the same socket. @defaultValue false */
  readonly isMoreToCome?: boolean;
  /** How long nothing is sent after a confirmed piece, in milliseconds. Not with the pace `none`. @defaultValue 0 */
  readonly pauseMs?: number;
  /** Awaited behind each piece that was waited for. Not with the pace `none`. */
  readonly between?: () => Promise<void>;
  /** Called with each confirmed piece. */
  readonly onPiece?: (piece: PieceObservation) => void;
  /** Called before each piece but the first is written. Not with the pace `none`. */
  readonly onNext?: () => void;
}

/**
 * Writes pieces to a socket, each in its own write, at a pace. Every piece but the last is awaited, so that two pieces are never read
 * together where the pace can prevent it. The socket should have Nagle's algorithm off (`setNoDelay`), and a listener for its errors;
 * nothing else may write to it meanwhile.
 *
 * Returns early when the connection ends, with fewer observations than pieces.
 *
 * @throws the signal's reason, once it aborts.
 */
export async function deliver(
  socket: DeliverySocket,
  pieces: Iterable<Bytes>,
  options: DeliverOptions,
): Promise<readonly PieceObservation[]> {
  if (options.pace.kind === 'none') return writeAtOnce(socket, pieces, options.signal);
  const observations: PieceObservation[] = [];
  let pace: Waiting = options.pace;
  let piece: Bytes | undefined;
  for (const next of pieces) {
    if (piece !== undefined) {
      const { observation, pace: nextPace } = await deliverOne(socket, piece, { ...options, pace });
      observations.push(observation);
      options.onPiece?.(observation);
      pace = nextPace;
      if (options.pauseMs !== undefined) await delay(options.pauseMs, options.signal);
      await options.between?.();
      options.onNext?.();
    }
    if (!socket.writable) return observations;
    piece = next;
  }
  if (piece === undefined) return observations;
  if (options.isMoreToCome === true) {
    const { observation } = await deliverOne(socket, piece, { ...options, pace });
    return [...observations, observation];
  }
  await write(socket, piece, options.signal);
  return [...observations, { bytes: piece.length, confirmed: false, waitedMs: 0 }];
}

/** How it is seen what was read. */
interface Seeing extends Pick<DeliverOptions, 'signal' | 'peerPid'> {
  readonly observer?: ReadObserver;
}

/** The paces that wait between two pieces. */
type Waiting = Exclude<Pace, { readonly kind: 'none' }>;

interface Delivered {
  readonly observation: PieceObservation;
  /** The pace of the following pieces. */
  readonly pace: Waiting;
}

async function deliverOne(socket: DeliverySocket, piece: Bytes, options: DeliverOptions & { readonly pace: Waiting }): Promise<Delivered> {
  const { pace, signal } = options;
  const startedAt = performance.now();
  const waited = (confirmed: boolean): PieceObservation => ({
    bytes: piece.length,
    confirmed,
    waitedMs: performance.now() - startedAt,
  });
  await write(socket, piece, signal);
  if (pace.kind === 'gap') {
    await delay(pace.ms, signal);
    return { observation: waited(false), pace };
  }
  const state = await untilPeerRead(socket, pace.timeoutMs ?? DEFAULT_DRAIN_TIMEOUT_MS, {
    ...options,
    ...optional('observer', pace.observer),
  });
  const canSee = state !== 'unseen' && state !== 'unavailable';
  if (canSee || pace.kind === 'drain') return { observation: waited(state === 'read'), pace };
  await delay(AUTO_GAP_MS, signal);
  return { observation: waited(false), pace: { kind: 'gap', ms: AUTO_GAP_MS } };
}

/**
 * Waits until the peer has read everything written to a socket; see {@link ReadState}.
 *
 * @throws the signal's reason, once it aborts.
 */
export async function untilPeerRead(socket: DeliverySocket, timeoutMs: number, { signal, peerPid, observer }: Seeing): Promise<ReadState> {
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  if (socket.destroyed) return 'gone';
  if (observer !== undefined) return observer.untilRead(socket, { timeoutMs, signal });
  if (localAddress === undefined || localPort === undefined || remoteAddress === undefined || remotePort === undefined)
    return untilUnixRead(socket, { timeoutMs, signal });
  if (!(await areQueuesShown())) return 'unavailable';
  return untilRead({ localAddress, localPort, remoteAddress, remotePort }, { timeoutMs, signal, peerPid });
}
