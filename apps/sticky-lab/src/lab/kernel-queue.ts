import { readFile } from 'node:fs/promises';
import type { Text } from '../text.ts';

/** How it was made sure that bytes had arrived before the first read. */
export type Arrival =
  /** The receiver's kernel queue was seen to hold them. */
  | 'kernel queue'
  /** The kernel took them from the sender; this machine does not show the receiver's queue. */
  | 'written';

const ARRIVALS: Readonly<Record<Arrival, Text>> = {
  'kernel queue': {
    en: "began when all of it was in the receiver's kernel queue",
    zh: '在全部字节都进入接收方的内核缓冲区之后才开始',
  },
  written: {
    en: 'began when the kernel had taken all of it (this machine does not show the queue of the receiver)',
    zh: '在内核收下全部字节之后才开始（本机看不到接收方的内核缓冲区）',
  },
};

/** An {@link Arrival} in words. */
export function describeArrival(arrival: Arrival): Text {
  return ARRIVALS[arrival];
}

/** The ports of one loopback connection, seen from the receiver. */
export interface ConnectionPorts {
  readonly localPort: number;
  readonly remotePort: number;
}

const TCP_TABLE = '/proc/net/tcp';
const ABSENT_CODES: ReadonlySet<unknown> = new Set(['ENOENT', 'EACCES', 'EPERM']);
// Some sandboxes have the table, but always show empty queues. Nagle's algorithm may hold bytes back for 40 ms; on a
// machine that is very busy the time alone says little.
const PATIENCE_MS = 2000;
const MIN_LOOKS = 25;

/**
 * Bytes that wait in the kernel for the socket with these ports, from the text of `/proc/net/tcp`; `undefined` when the
 * table does not list it.
 *
 * ```
 *   sl  local_address rem_address   st tx_queue rx_queue ...
 *    2: 0100007F:CF48 0100007F:9431 01 00000000:00000009 ...      port 53064 from port 37937: 9 bytes wait
 * ```
 * Source: proc_pid_net(5). A FIN that arrived counts as one byte.
 */
export function receiveQueueBytes(table: string, { localPort, remotePort }: ConnectionPorts): number | undefined {
  for (const entry of table.split('\n').slice(1)) {
    const [, local = '', remote = '', , queues = ''] = entry.trim().split(/\s+/);
    if (portOf(local) === localPort && portOf(remote) === remotePort) return Number.parseInt(queues.split(':')[1] ?? '', 16);
  }
  return undefined;
}

function portOf(address: string): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16);
}

/**
 * Waits until at least `byteLength` bytes wait in the kernel for the receiver, by looking again and again.
 *
 * @returns `written` where the table is missing, does not list the connection, or still shows too little after two seconds.
 * @throws the signal's reason, once it aborts.
 */
export async function untilQueued(ports: ConnectionPorts, byteLength: number, signal: AbortSignal): Promise<Arrival> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (let looks = 0; looks < MIN_LOOKS || performance.now() < giveUpAt; looks++) {
    const table = await readTable();
    signal.throwIfAborted();
    const queuedBytes = table === undefined ? undefined : receiveQueueBytes(table, ports);
    if (queuedBytes === undefined) return 'written';
    if (queuedBytes >= byteLength) return 'kernel queue';
    // The writes happen on this thread too: let its events through before looking again.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return 'written';
}

async function readTable(): Promise<string | undefined> {
  try {
    return await readFile(TCP_TABLE, 'latin1');
  } catch (error) {
    // Only Linux has it, and a sandbox may hide it.
    if (error instanceof Error && 'code' in error && ABSENT_CODES.has(error.code)) return undefined;
    throw error;
  }
}
