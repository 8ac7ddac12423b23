import { readFileSync } from 'node:fs';
import type { Socket } from 'node:dgram';

/** The most that is asked for; a system gives less without a word, as Linux up to net.core.rmem_max. */
const WANTED_BYTES = 4_194_304;

/** Asks for room for a burst of answers: the default of Linux is full after 180 datagrams of 1,000 bytes. */
export function growReceiveBuffer(socket: Socket): void {
  try {
    socket.setRecvBufferSize(WANTED_BYTES);
  } catch (error) {
    // A system that refuses so much keeps its default.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

/**
 * How many datagrams the system dropped for want of room in the receive buffer of the UDP socket on this port; 0 where it does not tell.
 *
 * ```
 *   sl  local_address rem_address   st tx_queue rx_queue … inode ref pointer drops
 *  907: 0100007F:D1E2 0100007F:1F90 01 00000000:00000000 … 81230 2 0000000000000000 16      16 dropped by port 53730
 * ```
 *
 * Source: proc_pid_net(5), `udp`.
 */
export function droppedAt(port: number, family: 4 | 6): number {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const line of udpTable(family).split('\n')) {
    const columns = line.trim().split(/\s+/);
    if (columns[1]?.endsWith(wanted) === true) return Number(columns.at(-1));
  }
  return 0;
}

function udpTable(family: 4 | 6): string {
  try {
    return readFileSync(`/proc/self/net/udp${family === 6 ? '6' : ''}`, 'latin1');
  } catch {
    // Linux only.
    return '';
  }
}
