import type { CloseReason } from '../closing.ts';
import type { Connection } from './connection.ts';
import type { Limits } from './limits.ts';

/** Times that a {@link Watch} keeps, in milliseconds; 0 is for ever. */
export type Timeouts = Pick<Limits, 'idleTimeoutMs' | 'frameTimeoutMs' | 'slowTimeoutMs' | 'maxPendingBytes'>;

/** Looks after the time limits of all connections. */
export interface Watch {
  stop(): void;
}

/** How often a limit is looked at within its time: it strikes late by at most this part of it. */
const LOOKS = 8;
const MIN_INTERVAL_MS = 10;
const MAX_INTERVAL_MS = 1000;

/** A time limit that a connection has gone over. */
export type Breach = Extract<CloseReason, 'slow-reader' | 'frame-timeout' | 'idle-timeout'>;

/** What is looked at. */
export type Looked = Pick<Connection, 'state' | 'bytesIn' | 'bytesOut' | 'messagesIn' | 'pendingBytes' | 'partialBytes'>;

/** What was seen of a connection the last time, and since when it is so. */
export interface Seen {
  bytes: number;
  bytesOut: number;
  messagesIn: number;
  idleSinceMs: number;
  partialSinceMs: number;
  slowSinceMs: number;
  /** The count of bytes sent at which all is taken that was pending then. */
  owedBytes: number;
}

/** Nothing was seen yet of a connection that was accepted then. */
export function seenNothing(openedAtMs: number): Seen {
  const [idleSinceMs, partialSinceMs, slowSinceMs] = [openedAtMs, openedAtMs, openedAtMs];
  return { bytes: 0, bytesOut: 0, messagesIn: 0, idleSinceMs, partialSinceMs, slowSinceMs, owedBytes: 0 };
}

/**
 * Ends connections that are silent, that leave a message incomplete, or that do not take their answers.
 *
 * One timer looks at the counters of every connection from time to time, so that a read or a write costs nothing for it: a limit of
 * 60 s strikes after 60 to 61 s.
 */
export function watchConnections(connections: Iterable<Connection>, timeouts: Timeouts): Watch {
  const seen = new WeakMap<Connection, Seen>();
  const timer = setInterval(() => {
    // Whole, because small whole numbers need no memory of their own, and there are many of them.
    const nowMs = Math.round(performance.now());
    for (const connection of connections) {
      const last = seen.get(connection) ?? seenNothing(connection.openedAtMs);
      seen.set(connection, last);
      const breach = look(connection, last, nowMs, timeouts);
      if (breach === 'idle-timeout') connection.end(breach);
      else if (breach !== undefined) connection.cut(breach);
    }
  }, intervalOf(timeouts)).unref();
  return { stop: () => clearInterval(timer) };
}

function intervalOf({ idleTimeoutMs, frameTimeoutMs, slowTimeoutMs }: Timeouts): number {
  const limits = [idleTimeoutMs, frameTimeoutMs, slowTimeoutMs].filter((limitMs) => limitMs > 0);
  const interval = Math.floor(Math.min(...limits) / LOOKS);
  return Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, interval));
}

/** Compares a connection with what was seen of it, and updates that. */
export function look(connection: Looked, seen: Seen, nowMs: number, timeouts: Timeouts): Breach | undefined {
  const { state, bytesIn, bytesOut, pendingBytes, messagesIn, partialBytes } = connection;
  if (keepsUp(connection, seen, timeouts.maxPendingBytes)) {
    seen.slowSinceMs = nowMs;
    seen.owedBytes = bytesOut + pendingBytes;
  }
  if (partialBytes === 0 || messagesIn !== seen.messagesIn) seen.partialSinceMs = nowMs;
  // Waiting in line has a limit of its own; once it ends, the connection is closed within another.
  if (bytesIn + bytesOut !== seen.bytes || state !== 'serving') seen.idleSinceMs = nowMs;
  seen.bytes = bytesIn + bytesOut;
  seen.bytesOut = bytesOut;
  seen.messagesIn = messagesIn;
  if (isOver(nowMs - seen.slowSinceMs, timeouts.slowTimeoutMs)) return 'slow-reader';
  if (isOver(nowMs - seen.partialSinceMs, timeouts.frameTimeoutMs)) return 'frame-timeout';
  return isOver(nowMs - seen.idleSinceMs, timeouts.idleTimeoutMs) ? 'idle-timeout' : undefined;
}

function keepsUp({ bytesOut, pendingBytes }: Looked, seen: Seen, maxPendingBytes: number): boolean {
  if (pendingBytes < maxPendingBytes) return pendingBytes === 0 || bytesOut !== seen.bytesOut;
  // A peer that is always sent more may be above the limit at every look: what counts is that it has taken what it owed.
  return bytesOut >= seen.owedBytes;
}

function isOver(elapsedMs: number, limitMs: number): boolean {
  return limitMs > 0 && elapsedMs >= limitMs;
}
