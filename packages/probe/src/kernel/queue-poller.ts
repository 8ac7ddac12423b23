import { createPatience } from '../patience.ts';
import { sharedSocketDiag } from './queue-check.ts';
import { createSight } from './sight.ts';
import { socketQuestion } from './sock-diag.ts';
import { lookAtTables, watchRows } from './table-look.ts';
import type { Patience } from '../patience.ts';
import type { Sight } from './sight.ts';
import type { WatchedRows } from './table-look.ts';
import type { RowAddress } from './tcp-table.ts';

/**
 * The fate of written bytes. `read`: the peer took all of them from its kernel. `late`: not in time. `gone`: the connection
 * is closed. `unseen`: the peer's end is in no table here, so it is on another machine, in another network namespace or
 * behind NAT. `unavailable`: this system has no such tables.
 */
export type ReadState = 'read' | 'late' | 'gone' | 'unseen' | 'unavailable';

/** Options of {@link untilRead}. */
export interface ReadWait {
  /** Of the time between two looks, which is longer while this process stands still, at most an eighth of this counts. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** A process in the peer's network namespace, when that is not ours. Its tables must be readable. */
  readonly peerPid?: number | undefined;
}

/** Rows are read page by page while the table changes, so a read or two may miss one. */
const MISSES_UNTIL_ABSENT = 3;
const LOOKS_AT_ONCE = 4;
const LONGEST_PAUSE_MS = 16;
/** As a multiple of the time that reading the tables takes: the same thread also moves the bytes. */
const PAUSE_PER_COST = 0.5;

interface Waiter {
  readonly own: RowAddress;
  readonly peer: RowAddress;
  readonly peerPid: number | undefined;
  readonly patience: Patience;
  readonly settle: (state: ReadState) => void;
  readonly sight: Sight;
  /** About our end and the peer's; none where only tables may be looked at. */
  readonly questions: readonly Buffer[];
  /** Watched once the questions do not find both ends. */
  rows: WatchedRows | undefined;
  /** When it is looked at next, unless the tables are read for another one before. */
  dueAt: number;
  looks: number;
  misses: number;
}

const waiters = new Set<Waiter>();
let isScheduled = false;
let arrivals = 0;
let costMs = 0;

/**
 * Waits until the peer of a TCP connection has read every byte written before: first until our send queue is empty, so
 * that everything has arrived, then until the peer's receive queue is. Nothing may be written meanwhile.
 *
 * All waits of the process share one poll: the kernel is asked about all of them at once, or where it cannot be asked the tables
 * are read once for all, at once for new waits and up to 16 ms apart for slow ones, and never for more than two thirds of the time.
 *
 * @throws the signal's reason, once it aborts.
 */
export function untilRead(own: RowAddress, { timeoutMs, signal, peerPid }: ReadWait): Promise<ReadState> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error);
    const abort = (): void => {
      leave(waiter);
      reject(signal?.reason as Error);
    };
    const settle = (state: ReadState): void => {
      signal?.removeEventListener('abort', abort);
      leave(waiter);
      resolve(state);
    };
    const waiter = createWaiter(own, peerPid, timeoutMs, settle);
    signal?.addEventListener('abort', abort, { once: true });
    waiters.add(waiter);
    arrivals += 1;
    schedule();
  });
}

function createWaiter(own: RowAddress, peerPid: number | undefined, timeoutMs: number, settle: Waiter['settle']): Waiter {
  const peer = {
    localAddress: own.remoteAddress,
    localPort: own.remotePort,
    remoteAddress: own.localAddress,
    remotePort: own.localPort,
  };
  const questions = peerPid === undefined && sharedSocketDiag() !== undefined ? [socketQuestion(own), socketQuestion(peer)] : [];
  const askable = questions.filter((question) => question !== undefined);
  return {
    own,
    peer,
    peerPid,
    patience: createPatience(timeoutMs),
    settle,
    sight: createSight(),
    questions: askable.length === 2 ? askable : [],
    rows: undefined,
    dueAt: 0,
    looks: 0,
    misses: 0,
  };
}

function leave(waiter: Waiter): void {
  waiters.delete(waiter);
  waiter.rows?.stop();
}

function schedule(): void {
  if (isScheduled || waiters.size === 0) return;
  isScheduled = true;
  const pauseMs = nextPauseMs();
  const latest = performance.now() + pauseMs + costMs;
  const lookWhenCalm = (): void => {
    // One look serves all waits: while new ones arrive, it is delayed by as long as a look takes.
    if (arrivals === 0 || performance.now() >= latest) return void look();
    arrivals = 0;
    setImmediate(lookWhenCalm);
  };
  if (pauseMs < 1) setImmediate(lookWhenCalm);
  else setTimeout(lookWhenCalm, pauseMs);
}

function nextPauseMs(): number {
  let soonest = Number.POSITIVE_INFINITY;
  for (const { dueAt } of waiters) soonest = Math.min(soonest, dueAt);
  return Math.max(soonest - performance.now(), costMs * PAUSE_PER_COST);
}

function patienceMs(looks: number): number {
  return looks < LOOKS_AT_ONCE ? 0 : Math.min(2 ** (looks - LOOKS_AT_ONCE), LONGEST_PAUSE_MS);
}

/** Those that come meanwhile are for the next look. */
async function look(): Promise<void> {
  arrivals = 0;
  const startedAt = performance.now();
  const due = [...waiters].filter(({ dueAt, rows }) => dueAt <= startedAt || rows !== undefined);
  for (const { sight } of due) sight.begin();
  await ask(due.filter(({ questions, rows }) => questions.length > 0 && rows === undefined));
  const tablesFrom = performance.now();
  const here = due.filter((waiter) => waiters.has(waiter));
  if (watchUnseen(here)) lookAtTables();
  const now = performance.now();
  costMs = now - tablesFrom;
  for (const waiter of here) judge(waiter, now);
  isScheduled = false;
  schedule();
}

/** Asks about both ends of each, in this order: see {@link Sight.seePeer}. */
async function ask(asked: readonly Waiter[]): Promise<void> {
  if (asked.length === 0) return;
  const answers = await sharedSocketDiag()?.ask(asked.flatMap(({ questions }) => questions));
  for (const [index, { sight }] of asked.entries()) {
    const own = answers?.[2 * index];
    const peer = answers?.[2 * index + 1];
    if (own?.isFound === true) sight.seeOwn(own.unacknowledgedBytes);
    if (peer?.isFound === true) sight.seePeer(peer.unreadBytes);
  }
}

/** What is not found by asking may still be in a table, in which it must be missed several times before it counts as absent. */
function watchUnseen(all: readonly Waiter[]): boolean {
  let isAny = false;
  for (const waiter of all) {
    const { sight, own, peer, peerPid } = waiter;
    if (sight.isOwnSeen && sight.isPeerSeen) continue;
    waiter.rows ??= watchRows(sight, own, peer, peerPid);
    isAny = true;
  }
  return isAny;
}

function judge(waiter: Waiter, now: number): void {
  const { sight } = waiter;
  waiter.looks += 1;
  const isOver = waiter.patience.isOver(now);
  waiter.dueAt = now + patienceMs(waiter.looks);
  if (sight.isUnavailable) return waiter.settle('unavailable');
  if (sight.isRead) return waiter.settle('read');
  const isWhole = sight.isOwnSeen && sight.isPeerSeen;
  waiter.misses = isWhole ? 0 : waiter.misses + 1;
  if (waiter.misses >= MISSES_UNTIL_ABSENT) return waiter.settle(sight.isOwnSeen && !sight.wasPeerSeen ? 'unseen' : 'gone');
  if (isOver) waiter.settle('late');
}
