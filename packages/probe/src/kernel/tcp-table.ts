import { closeSync, openSync, readSync } from 'node:fs';
import { addressDigits } from './address-digits.ts';
import type { TableName } from './address-digits.ts';

/** One end of a connection, as in the table of its machine. */
export interface RowAddress {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** Called with the queues of a row: bytes not acknowledged by the other end, and bytes not read by this one. */
export type RowSeen = (sendQueueBytes: number, receiveQueueBytes: number) => void;

/** A wanted row. */
export interface WantedRow {
  readonly key: number;
  readonly addresses: Uint8Array;
  readonly seen: RowSeen;
}

/** The wanted rows of one table, by port. */
export type RowIndex = Map<number, WantedRow[]>;

const PORTS = 0x10000;
const COLON = 0x3a;
const LINE_FEED = 0x0a;
const LISTEN = 0x0a;
const TIME_WAIT = 0x06;
// One read returns at most about a page of rows, however large the buffer; two rows always fit.
const READ_BYTES = 65_536;
// A million sockets. A longer table is not read further: the row then counts as not seen.
const MAX_TABLE_BYTES = 160 * 1024 * 1024;
const HEX_VALUES = hexValues();

const memory = Buffer.alloc(READ_BYTES);

/** Makes a wanted row of a table; undefined when the table cannot hold it. */
export function wantedRow(row: RowAddress, table: TableName, seen: RowSeen): WantedRow | undefined {
  const local = addressDigits(row.localAddress, table);
  const remote = addressDigits(row.remoteAddress, table);
  if (local === undefined || remote === undefined) return undefined;
  return { key: row.localPort * PORTS + row.remotePort, addresses: Buffer.from(local + remote, 'latin1'), seen };
}

/** Adds a row to an index. */
export function addRow(index: RowIndex, row: WantedRow): void {
  const rows = index.get(row.key);
  if (rows === undefined) index.set(row.key, [row]);
  else rows.push(row);
}

/** Removes a row from an index. */
export function removeRow(index: RowIndex, row: WantedRow): void {
  const rows = index.get(row.key)?.filter((other) => other !== row) ?? [];
  if (rows.length === 0) index.delete(row.key);
  else index.set(row.key, rows);
}

/**
 * Reads `/proc/<pid>/net/tcp{,6}` once, page by page in one memory that all calls share, and calls `seen` for every wanted
 * row. Stops early when `isEnough` returns true, checked after each page.
 *
 * @throws the system's error, when the file cannot be read.
 */
export function readTable(path: string, table: TableName, index: RowIndex, isEnough: () => boolean): void {
  const file = openSync(path, 'r');
  try {
    let kept = 0;
    for (let position = 0; position < MAX_TABLE_BYTES;) {
      const count = readSync(file, memory, kept, memory.length - kept, position);
      if (count === 0) return;
      position += count;
      const end = kept + count;
      const scanned = scanRows(memory, end, table, index);
      if (isEnough()) return;
      memory.copyWithin(0, scanned, end);
      kept = end - scanned;
      // A line longer than the memory is not of this table.
      if (kept === memory.length) return;
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Finds the wanted rows among the complete lines of `text[0, end)`, without creating strings. Listening sockets and
 * those in TIME_WAIT have no queues.
 *
 * ```
 *   sl  local_address rem_address   st tx_queue rx_queue ...
 *    2: 0100007F:CF48 0100007F:9431 01 00000000:00000009 ...      port 53064 from port 37937: 9 bytes wait to be read
 * ```
 *
 * Source: proc_pid_net(5). In tcp6 an address has 32 digits. A received FIN counts as an unread byte.
 *
 * @returns where the first incomplete line starts.
 */
export function scanRows(text: Buffer, end: number, table: TableName, index: RowIndex): number {
  const digits = table === 'tcp' ? 8 : 32;
  let start = 0;
  for (;;) {
    const lineEnd = text.indexOf(LINE_FEED, start);
    if (lineEnd === -1 || lineEnd >= end) return start;
    scanRow(text, start, lineEnd, digits, index);
    start = lineEnd + 1;
  }
}

function scanRow(text: Buffer, start: number, lineEnd: number, digits: number, index: RowIndex): void {
  // The slot number before the colon varies in width; after it every column has a fixed place.
  const colon = text.indexOf(COLON, start);
  const local = colon + 2;
  const remote = local + digits + 6;
  const state = remote + digits + 6;
  // The heading has no colon, and a torn line is too short.
  if (colon === -1 || state + 20 > lineEnd) return;
  const stateValue = hex(text, state, 2);
  if (stateValue === LISTEN || stateValue === TIME_WAIT) return;
  const rows = index.get(hex(text, local + digits + 1, 4) * PORTS + hex(text, remote + digits + 1, 4));
  if (rows === undefined) return;
  for (const row of rows) {
    if (isAt(text, local, row.addresses, 0, digits) && isAt(text, remote, row.addresses, digits, digits)) {
      row.seen(hex(text, state + 3, 8), hex(text, state + 12, 8));
    }
  }
}

function isAt(text: Buffer, at: number, wanted: Uint8Array, from: number, count: number): boolean {
  for (let offset = 0; offset < count; offset++) {
    if (text[at + offset] !== wanted[from + offset]) return false;
  }
  return true;
}

function hex(text: Buffer, at: number, count: number): number {
  let value = 0;
  for (let offset = at; offset < at + count; offset++) value = value * 16 + (HEX_VALUES[text[offset] ?? 0] ?? 0);
  return value;
}

function hexValues(): Uint8Array {
  const values = new Uint8Array(256);
  for (let value = 0; value < 16; value++) {
    values[value.toString(16).charCodeAt(0)] = value;
    values[value.toString(16).toUpperCase().charCodeAt(0)] = value;
  }
  return values;
}
