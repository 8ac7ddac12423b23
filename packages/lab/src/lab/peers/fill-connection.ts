import { setTimeout as pause } from 'node:timers/promises';
import { readSocketRow } from '../tcp/socket-table.ts';
import type { Lab } from '../lab.ts';
import type { TcpEnd } from './tcp-ends.ts';

/** How much a connection accepted while nobody read. */
export interface FilledConnection {
  /** Whether a write is still waiting. */
  readonly isFull: boolean;
  /** Bytes of the writes that the kernel accepted whole. */
  readonly completedBytes: number;
  /** The same, plus the write that is still waiting. */
  readonly writtenBytes: number;
  /** Bytes in each queue; `null` if the system does not show them or they did not settle within 25 looks, half a second. */
  readonly queued: { readonly sendQueueBytes: number; readonly receiveQueueBytes: number } | null;
  /** Time until the first write that had to wait. */
  readonly durationMs: number;
}

/** Upper limit for systems that accept everything: more than any system gives to one connection by default. */
const MAX_WRITTEN_BYTES = 64 * 1024 * 1024;
// The receiver may hold an acknowledgement back for 40 ms, which lets a waiting write go on. Source: TCP_DELACK_MIN of Linux.
const QUIET_LOOKS = 3;
const LOOK_EVERY_MS = 20;
// Looks are counted, not time: on a busy machine there may be half a second between two of them.
const MOST_LOOKS = 25;

/**
 * Writes until the kernel accepts no more: the last write is still waiting and nothing moved for 60 ms. That write continues once
 * somebody reads. Stops at 64 MiB.
 */
export async function fillConnection(
  lab: Lab,
  { sender, receiver }: { readonly sender: TcpEnd; readonly receiver: TcpEnd },
  chunkBytes: number,
): Promise<FilledConnection> {
  const chunk = Buffer.alloc(chunkBytes, 'x');
  const startedAt = performance.now();
  let durationMs = 0;
  let completedBytes = 0;
  while (completedBytes + chunkBytes <= MAX_WRITTEN_BYTES) {
    let isTaken = false;
    const taken = sender.write(chunk).then(() => (isTaken = true));
    // Within one turn of the event loop the kernel has accepted what it can.
    await Promise.race([taken, new Promise((resolve) => setImmediate(resolve))]);
    if (!isTaken) {
      durationMs = performance.now() - startedAt;
      const writtenBytes = completedBytes + chunkBytes;
      const queued = await untilQuiet(lab, { sender, receiver }, () => isTaken, [completedBytes, writtenBytes]);
      if (!isTaken) return { isFull: true, completedBytes, writtenBytes, queued, durationMs };
    }
    completedBytes += chunkBytes;
  }
  return { isFull: false, completedBytes, writtenBytes: completedBytes, queued: null, durationMs: performance.now() - startedAt };
}

/** Waits until nothing moves, the write continues or it was looked at 25 times. @returns what the queues hold then. */
async function untilQuiet(
  lab: Lab,
  ends: { readonly sender: TcpEnd; readonly receiver: TcpEnd },
  isTaken: () => boolean,
  [leastBytes, mostBytes]: readonly [number, number],
): Promise<FilledConnection['queued']> {
  let queued = await readQueues(ends);
  let quietLooks = 0;
  for (let looks = 0; looks < MOST_LOOKS && !isTaken(); looks++) {
    await pause(LOOK_EVERY_MS, undefined, { signal: lab.signal });
    const before = totalOf(queued);
    queued = await readQueues(ends);
    const total = totalOf(queued);
    // Bytes that arrived and are not acknowledged are in both queues, so their sum can be too large.
    const isPlausible = queued === null || (total >= leastBytes && total <= mostBytes);
    quietLooks = total === before && isPlausible ? quietLooks + 1 : 0;
    if (quietLooks === QUIET_LOOKS) return queued;
  }
  return null;
}

async function readQueues({
  sender,
  receiver,
}: {
  readonly sender: TcpEnd;
  readonly receiver: TcpEnd;
}): Promise<FilledConnection['queued']> {
  const [atSender, atReceiver] = await Promise.all([readSocketRow('tcp', sender.ports), readSocketRow('tcp', receiver.ports)]);
  const sendQueueBytes = atSender?.sendQueueBytes ?? 0;
  const receiveQueueBytes = atReceiver?.receiveQueueBytes ?? 0;
  // Some sandboxes have the table, but always show empty queues.
  return sendQueueBytes + receiveQueueBytes === 0 ? null : { sendQueueBytes, receiveQueueBytes };
}

function totalOf(queued: FilledConnection['queued']): number {
  return queued === null ? 0 : queued.sendQueueBytes + queued.receiveQueueBytes;
}
