import { addRow, readTable, removeRow, wantedRow } from './tcp-table.ts';
import type { TableName } from './address-digits.ts';
import type { RowAddress, RowIndex, WantedRow } from './tcp-table.ts';

/**
 * The fate of written bytes. `read`: the peer took all of them from its kernel. `late`: not in time. `gone`: the connection
 * is closed. `unseen`: the peer's end is in no table here, so it is on another machine, in another network namespace or
 * behind NAT. `unavailable`: this system has no such tables.
 */
export type ReadState = 'read' | 'late' | 'gone' | 'unseen' | 'unavailable';

/** Options of {@link untilRead}. */
export interface ReadWait {
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
const ABSENT_CODES: ReadonlySet<unknown> = new Set(['ENOENT', 'EACCES', 'EPERM', 'EINVAL', 'ESRCH', 'ENOTDIR']);

interface Table {
  readonly path: string;
  readonly name: TableName;
  readonly index: RowIndex;
  readonly waiters: Set<Waiter>;
}

interface Waiter {
  readonly deadline: number;
  readonly settle: (state: ReadState) => void;
  readonly rows: { readonly table: Table; readonly row: WantedRow }[];
  looks: number;
  misses: number;
  isOwnSeen: boolean;
  isPeerSeen: boolean;
  wasPeerSeen: boolean;
  isAcknowledged: boolean;
  isRead: boolean;
}

const tables = new Map<string, Table>();
const waiters = new Set<Waiter>();
let isScheduled = false;
let arrivals = 0;
let costMs = 0;

/**
 * Waits until the peer of a TCP connection has read every byte written before: first until our send queue is empty, so
 * that everything has arrived, then until the peer's receive queue is. Nothing may be written meanwhile.
 *
 * All waits of the process share one poll: the tables are read once for all, at once for new waits and up to 16 ms
 * apart for slow ones, and never for more than two thirds of the time.
 *
 * @throws the signal's reason, once it aborts.
 */
export function untilRead(connection: RowAddress, { timeoutMs, signal, peerPid }: ReadWait): Promise<ReadState> {
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
    const waiter = createWaiter(performance.now() + timeoutMs, settle);
    signal?.addEventListener('abort', abort, { once: true });
    watchRows(waiter, connection, peerPid);
    waiters.add(waiter);
    arrivals += 1;
    schedule();
  });
}

function createWaiter(deadline: number, settle: Waiter['settle']): Waiter {
  return {
    deadline,
    settle,
    rows: [],
    looks: 0,
    misses: 0,
    isOwnSeen: false,
    isPeerSeen: false,
    wasPeerSeen: false,
    isAcknowledged: false,
    isRead: false,
  };
}

/** An IPv4 client may be connected to a dual-stack server, so each end is looked up in both tables. */
function watchRows(waiter: Waiter, own: RowAddress, peerPid: number | undefined): void {
  const peer = {
    localAddress: own.remoteAddress,
    localPort: own.remotePort,
    remoteAddress: own.localAddress,
    remotePort: own.localPort,
  };
  const seeOwn = (unacknowledgedBytes: number): void => {
    waiter.isOwnSeen = true;
    if (unacknowledgedBytes === 0) waiter.isAcknowledged = true;
  };
  const seePeer = (_unacknowledgedBytes: number, unreadBytes: number): void => {
    waiter.isPeerSeen = true;
    // The queue is also empty before the bytes arrive: it counts only after they were acknowledged.
    if (waiter.isAcknowledged && unreadBytes === 0) waiter.isRead = true;
  };
  // Node makes an IPv6 socket for a v4-mapped address, and shows it as one.
  const ownTable = own.localAddress.includes(':') ? 'tcp6' : 'tcp';
  watchRow(waiter, tableAt('self', ownTable), wantedRow(own, ownTable, seeOwn));
  for (const name of ['tcp', 'tcp6'] as const) watchRow(waiter, tableAt(peerPid ?? 'self', name), wantedRow(peer, name, seePeer));
}

function watchRow(waiter: Waiter, table: Table, row: WantedRow | undefined): void {
  if (row === undefined) return;
  addRow(table.index, row);
  table.waiters.add(waiter);
  waiter.rows.push({ table, row });
}

function tableAt(process: number | 'self', name: TableName): Table {
  const path = `/proc/${process}/net/${name}`;
  const known = tables.get(path);
  if (known !== undefined) return known;
  const table: Table = { path, name, index: new Map(), waiters: new Set() };
  tables.set(path, table);
  return table;
}

function leave(waiter: Waiter): void {
  waiters.delete(waiter);
  for (const { table, row } of waiter.rows) {
    removeRow(table.index, row);
    table.waiters.delete(waiter);
    if (table.waiters.size === 0) tables.delete(table.path);
  }
}

function schedule(): void {
  if (isScheduled || waiters.size === 0) return;
  isScheduled = true;
  const pauseMs = nextPauseMs();
  const latest = performance.now() + pauseMs + costMs;
  const lookWhenCalm = (): void => {
    // One read serves all waits: while new ones arrive, it is delayed by as long as a read takes.
    if (arrivals === 0 || performance.now() >= latest) return look();
    arrivals = 0;
    setImmediate(lookWhenCalm);
  };
  if (pauseMs < 1) setImmediate(lookWhenCalm);
  else setTimeout(lookWhenCalm, pauseMs);
}

function nextPauseMs(): number {
  let fewestLooks = Number.POSITIVE_INFINITY;
  for (const { looks } of waiters) fewestLooks = Math.min(fewestLooks, looks);
  const patienceMs = fewestLooks < LOOKS_AT_ONCE ? 0 : Math.min(2 ** (fewestLooks - LOOKS_AT_ONCE), LONGEST_PAUSE_MS);
  return Math.max(patienceMs, costMs * PAUSE_PER_COST);
}

function look(): void {
  isScheduled = false;
  arrivals = 0;
  if (waiters.size === 0) return;
  const startedAt = performance.now();
  for (const waiter of waiters) {
    waiter.isOwnSeen = false;
    waiter.isPeerSeen = false;
  }
  for (const table of inReadingOrder()) readFor(table);
  const now = performance.now();
  costMs = now - startedAt;
  for (const waiter of waiters) judge(waiter, now);
  schedule();
}

/** Our own ends first: they must be seen empty before the peer's. */
function inReadingOrder(): Table[] {
  return [...tables.values()].toSorted((one, other) => orderOf(one) - orderOf(other));
}

function orderOf({ path, name }: Table): number {
  return (path.startsWith('/proc/self/') ? 0 : 2) + (name === 'tcp' ? 0 : 1);
}

function readFor(table: Table): void {
  const isEnough = (): boolean => {
    for (const { isOwnSeen, isPeerSeen } of table.waiters) if (!isOwnSeen || !isPeerSeen) return false;
    return true;
  };
  if (isEnough()) return;
  try {
    readTable(table.path, table.name, table.index, isEnough);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && ABSENT_CODES.has(error.code))) throw error;
    // IPv6 may be disabled; the other table still counts.
    if (table.name === 'tcp') for (const waiter of table.waiters) waiter.settle('unavailable');
  }
}

function judge(waiter: Waiter, now: number): void {
  waiter.looks += 1;
  if (waiter.isRead) return waiter.settle('read');
  const isWhole = waiter.isOwnSeen && waiter.isPeerSeen;
  waiter.wasPeerSeen ||= waiter.isPeerSeen;
  waiter.misses = isWhole ? 0 : waiter.misses + 1;
  if (waiter.misses >= MISSES_UNTIL_ABSENT) return waiter.settle(waiter.isOwnSeen && !waiter.wasPeerSeen ? 'unseen' : 'gone');
  if (now >= waiter.deadline) waiter.settle('late');
}
