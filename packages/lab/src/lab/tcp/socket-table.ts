import { readFile } from 'node:fs/promises';

/** The ports of one loopback connection, seen from one of its ends. */
export interface ConnectionPorts {
  readonly localPort: number;
  readonly remotePort: number;
}

/** One socket as the kernel lists it. */
export interface SocketRow {
  /** The address it is bound to, as the kernel writes it: its 32 bits as one hex number in this machine's byte order. */
  readonly localAddress: string;
  /** Bytes that the other end has not acknowledged. */
  readonly sendQueueBytes: number;
  /** Bytes that wait to be read; of TCP a FIN that arrived counts as one, of UDP with what the kernel needs to keep them. */
  readonly receiveQueueBytes: number;
  /** Datagrams that found the receive queue full. Of UDP only. */
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
