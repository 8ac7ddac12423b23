import { readSendQueues } from '@socklab/service';
import { inTurns } from './in-turns.ts';
import type { CloseReason } from '../closing.ts';
import type { Connection } from './connection.ts';
import type { Limits } from './limits.ts';
import type { SocketRow } from '@socklab/service';

/** Time limits of a {@link Watch}, in milliseconds; 0 is none. */
export type Timeouts = Pick<Limits, 'idleTimeoutMs' | 'frameTimeoutMs' | 'slowTimeoutMs'>;

/** Enforces the time limits of all connections. */
export interface Watch {
  stop(): void;
}

/** A limit is checked this many times within its time: it acts late by at most that part of it. */
const LOOKS = 8;
const MIN_INTERVAL_MS = 10;
const MAX_INTERVAL_MS = 1000;

/** The time limit that a connection has exceeded. */
export type Breach = Extract<CloseReason, 'slow-reader' | 'frame-timeout' | 'idle-timeout'>;

/** What is observed. */
export type Looked = Pick<Connection, 'state' | 'bytesIn' | 'bytesOut' | 'messagesIn' | 'pendingBytes' | 'partialBytes'>;

/** A connection that seems to take no answer. */
interface Suspect {
  readonly row: SocketRow;
  readonly last: Seen;
}

/** The last observed counters of a connection, and since when they have these values. */
export interface Seen {
  bytes: number;
  bytesOut: number;
  messagesIn: number;
  idleSinceMs: number;
  partialSinceMs: number;
  slowSinceMs: number;
  /** What the kernel held of its answers since then, if known. */
  queuedBytes: number | undefined;
}

/** The initial state of a connection accepted at that time. */
export function seenNothing(openedAtMs: number): Seen {
  const [idleSinceMs, partialSinceMs, slowSinceMs] = [openedAtMs, openedAtMs, openedAtMs];
  return { bytes: 0, bytesOut: 0, messagesIn: 0, idleSinceMs, partialSinceMs, slowSinceMs, queuedBytes: undefined };
}

/**
 * Ends connections that are silent, that leave a message incomplete, or that do not take their answers.
 *
 * One timer compares the counters of all connections periodically, so that reads and writes cost nothing for it: a limit of 60 s
 * acts after 60 to 61 s.
 *
 * The kernel takes some megabytes of answers at once and none while a slow peer drains them, so its counter does not tell whether the
 * peer takes anything. For connections that seem to take nothing, and for no others, the kernel is asked what it still holds.
 */
export function watchConnections(connections: Iterable<Connection>, timeouts: Timeouts): Watch {
  const seen = new WeakMap<Connection, Seen>();
  const lookAtAll = async (): Promise<void> => {
    // Whole, because small integers need no heap memory, and there are many of them.
    const nowMs = Math.round(performance.now());
    const suspects: Suspect[] = [];
    await inTurns(connections, (connection) => {
      const last = seen.get(connection) ?? seenNothing(connection.openedAtMs);
      seen.set(connection, last);
      const breach = look(connection, last, nowMs, timeouts);
      if (breach === 'idle-timeout') connection.end(breach);
      else if (breach !== undefined) connection.cut(breach);
      else if (timeouts.slowTimeoutMs > 0 && last.slowSinceMs < nowMs && connection.row !== undefined) {
        suspects.push({ row: connection.row, last });
      }
    });
    if (isAsking || suspects.length === 0) return;
    isAsking = true;
    void askKernel(suspects).finally(() => (isAsking = false));
  };
  let isLooking = false;
  let isAsking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void lookAtAll().finally(() => (isLooking = false));
  }, intervalOf(timeouts)).unref();
  return { stop: () => clearInterval(timer) };
}

async function askKernel(suspects: readonly Suspect[]): Promise<void> {
  const queues = await readSendQueues(suspects.map(({ row }) => row));
  for (const [index, { last }] of suspects.entries()) noteQueue(last, queues[index], Math.round(performance.now()));
}

function intervalOf({ idleTimeoutMs, frameTimeoutMs, slowTimeoutMs }: Timeouts): number {
  const limits = [idleTimeoutMs, frameTimeoutMs, slowTimeoutMs].filter((limitMs) => limitMs > 0);
  const interval = Math.floor(Math.min(...limits) / LOOKS);
  return Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, interval));
}

/** Compares a connection with its last state, and updates that. */
export function look(connection: Looked, seen: Seen, nowMs: number, timeouts: Timeouts): Breach | undefined {
  const { state, bytesIn, bytesOut, pendingBytes, messagesIn, partialBytes } = connection;
  if (pendingBytes === 0 || bytesOut !== seen.bytesOut) {
    seen.slowSinceMs = nowMs;
    seen.queuedBytes = undefined;
  }
  if (partialBytes === 0 || messagesIn !== seen.messagesIn) seen.partialSinceMs = nowMs;
  // Waiting in the queue has its own limit; after it, the connection is closed within another.
  if (bytesIn + bytesOut !== seen.bytes || state !== 'serving') seen.idleSinceMs = nowMs;
  seen.bytes = bytesIn + bytesOut;
  seen.bytesOut = bytesOut;
  seen.messagesIn = messagesIn;
  if (isOver(nowMs - seen.slowSinceMs, timeouts.slowTimeoutMs)) return 'slow-reader';
  if (isOver(nowMs - seen.partialSinceMs, timeouts.frameTimeoutMs)) return 'frame-timeout';
  return isOver(nowMs - seen.idleSinceMs, timeouts.idleTimeoutMs) ? 'idle-timeout' : undefined;
}

/** What the kernel holds for a connection that seems to take nothing: less than before means that the peer has taken some. */
export function noteQueue(seen: Seen, queuedBytes: number | undefined, nowMs: number): void {
  if (queuedBytes === undefined) return;
  if (seen.queuedBytes !== undefined && queuedBytes < seen.queuedBytes) seen.slowSinceMs = nowMs;
  seen.queuedBytes = queuedBytes;
}

function isOver(elapsedMs: number, limitMs: number): boolean {
  return limitMs > 0 && elapsedMs >= limitMs;
}
