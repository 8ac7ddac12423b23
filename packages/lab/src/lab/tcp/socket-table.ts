import { readFile } from 'node:fs/promises';

/** Ports of one end of a loopback connection. */
export interface ConnectionPorts {
  readonly localPort: number;
  readonly remotePort: number;
}

/** One socket as the kernel lists it. */
export interface SocketRow {
  /** Local address as the kernel writes it: 32 bits as one hex number in the byte order of the machine. */
  readonly localAddress: string;
  /** Bytes not acknowledged by the other end. */
  readonly sendQueueBytes: number;
  /** Bytes waiting to be read. For TCP, a received FIN counts as one; for UDP, kernel overhead is included. */
  readonly receiveQueueBytes: number;
  /** UDP only: datagrams dropped because the receive queue was full. */
  readonly drops: number | undefined;
}

// Only Linux has the tables, and a sandbox may hide them.
const ABSENT_CODES: ReadonlySet<unknown> = new Set(['ENOENT', 'EACCES', 'EPERM']);
const DROPS_COLUMN = 12;

/**
 * The row of the IPv4 socket with these ports in the text of `/proc/net/tcp` or `/proc/net/udp`; `undefined` when it has none. A UDP
 * socket that is not connected has the remote port 0.
 *
 * ```
 *   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode ref pointer drops
 *   27: 0100007F:D8B3 00000000:0000 07 00000000:0001F800 00:00000000 00000000   0       0  6174 2 0000000f 444
 * ```
 * Source: proc_pid_net(5).
 */
export function socketRow(table: string, { localPort, remotePort }: ConnectionPorts): SocketRow | undefined {
  for (const entry of table.split('\n').slice(1)) {
    const columns = entry.trim().split(/\s+/);
    const [, local = '', remote = '', , queues = ''] = columns;
    if (portOf(local) !== localPort || portOf(remote) !== remotePort) continue;
    const [sendQueue = '', receiveQueue = ''] = queues.split(':');
    return {
      localAddress: local.split(':')[0] ?? '',
      sendQueueBytes: Number.parseInt(sendQueue, 16),
      receiveQueueBytes: Number.parseInt(receiveQueue, 16),
      drops: columns[DROPS_COLUMN] === undefined ? undefined : Number(columns[DROPS_COLUMN]),
    };
  }
  return undefined;
}

/** The row of a socket right now; `undefined` where the system has no such table, hides it, or does not list the socket. */
export async function readSocketRow(table: 'tcp' | 'udp', ports: ConnectionPorts): Promise<SocketRow | undefined> {
  try {
    return socketRow(await readFile(`/proc/net/${table}`, 'latin1'), ports);
  } catch (error) {
    if (error instanceof Error && 'code' in error && ABSENT_CODES.has(error.code)) return undefined;
    throw error;
  }
}

function portOf(address: string): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16);
}
