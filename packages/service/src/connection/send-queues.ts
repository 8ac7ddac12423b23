import { open } from 'node:fs/promises';
import { canonicalHost, parseAddress } from '../base/proc-address.ts';
import { codeOf } from '../base/system-error.ts';

/** A TCP connection as the kernel lists it, by both of its addresses. */
export interface SocketRow {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

// One read returns about a page of rows, however large the buffer; a row has at most 200 bytes.
const PAGE_BYTES = 65_536;
const PORTS = 0x10000;

/** The kernel's tables, with the number of hexadecimal digits of an address in each. */
const TABLES = [
  { path: '/proc/net/tcp', digits: 8 },
  { path: '/proc/net/tcp6', digits: 32 },
] as const;

/**
 * Reads how many bytes of each connection the peer has not acknowledged, from the kernel and page by page, so that a table of many
 * thousand connections never blocks the event loop. Source: proc_pid_net(5), `tx_queue`.
 *
 * @returns a number for each connection, in their order; `undefined` for those not listed, and for all where there is no such table.
 */
export async function readSendQueues(rows: readonly SocketRow[]): Promise<readonly (number | undefined)[]> {
  const queues: (number | undefined)[] = rows.map(() => undefined);
  const byPorts = new Map<number, number[]>();
  for (const [index, { localPort, remotePort }] of rows.entries()) {
    const key = localPort * PORTS + remotePort;
    byPorts.set(key, [...(byPorts.get(key) ?? []), index]);
  }
  const hosts = rows.map(({ localAddress, remoteAddress }) => `${canonicalHost(localAddress)} ${canonicalHost(remoteAddress)}`);
  for (const { path, digits } of TABLES) {
    await eachLine(path, (page, start, end) => {
      // sl: local_address:port rem_address:port st tx_queue:rx_queue …
      const local = page.indexOf(COLON, start) + 2;
      const remote = local + digits + 6;
      const queue = remote + digits + 9;
      // The heading has no such column.
      if (local === 1 || queue + 8 > end) return;
      const indexes = byPorts.get(hex(page, local + digits + 1, 4) * PORTS + hex(page, remote + digits + 1, 4));
      if (indexes === undefined) return;
      const address = (at: number): string => parseAddress(page.toString('latin1', at, at + digits));
      const host = `${address(local)} ${address(remote)}`;
      for (const index of indexes) if (hosts[index] === host) queues[index] = hex(page, queue, 8);
    });
  }
  return queues;
}

const COLON = 0x3a;
const LINE_FEED = 0x0a;

/** A hexadecimal number of the given digits; NaN when there is none. No string is made: nearly all rows belong to others. */
function hex(page: Buffer, at: number, digits: number): number {
  let value = 0;
  for (let index = at; index < at + digits; index++) {
    const byte = page[index]!;
    const digit = byte <= 0x39 ? byte - 0x30 : byte - 0x37;
    if (!(digit >= 0 && digit < 16)) return Number.NaN;
    value = value * 16 + digit;
  }
  return value;
}

async function eachLine(path: string, take: (page: Buffer, start: number, end: number) => void): Promise<void> {
  // Where the table cannot be read, as on another system or without a free descriptor, nothing is known.
  const file = await open(path).catch(unreadable);
  if (file === undefined) return;
  try {
    const page = Buffer.alloc(PAGE_BYTES);
    for (let kept = 0; ;) {
      const { bytesRead } = await file.read(page, kept, PAGE_BYTES - kept, null);
      if (bytesRead === 0) return;
      const end = kept + bytesRead;
      let start = 0;
      for (let at = page.indexOf(LINE_FEED); at >= 0 && at < end; at = page.indexOf(LINE_FEED, start)) {
        take(page, start, at);
        start = at + 1;
      }
      page.copyWithin(0, start, end);
      kept = end - start;
      // A line that long is not of this table.
      if (kept === PAGE_BYTES) return;
    }
  } finally {
    await file.close();
  }
}

function unreadable(error: unknown): undefined {
  if (codeOf(error) === undefined) throw error;
}
