import { readSocketRow } from './socket-table.ts';
import type { Text } from '../../text.ts';
import type { ConnectionPorts } from './socket-table.ts';

/** Evidence that bytes had arrived before the first read. */
export type Arrival =
  /** They were seen in the receive queue of the kernel. */
  | 'kernel queue'
  /** The kernel accepted them from the sender; this machine does not show the receive queue. */
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

// Some sandboxes have the table, but always show empty queues. Nagle's algorithm may hold bytes back for 40 ms; on a
// machine that is very busy the time alone says little.
const PATIENCE_MS = 2000;
const MIN_LOOKS = 25;

/**
 * Waits until the receive queue of the kernel holds at least `byteLength` bytes, by polling.
 *
 * @returns `written` if the table is missing, does not list the connection, or shows too little after two seconds.
 * @throws the reason of the signal when it aborts.
 */
export async function untilQueued(ports: ConnectionPorts, byteLength: number, signal: AbortSignal): Promise<Arrival> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (let looks = 0; looks < MIN_LOOKS || performance.now() < giveUpAt; looks++) {
    const row = await readSocketRow('tcp', ports);
    signal.throwIfAborted();
    if (row === undefined) return 'written';
    if (row.receiveQueueBytes >= byteLength) return 'kernel queue';
    // The writes happen on this thread too: let the event loop run before the next poll.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return 'written';
}
