import { setTimeout as pause } from 'node:timers/promises';
import { readSocketRow } from '../tcp/socket-table.ts';
import type { Lab } from '../lab.ts';
import type { TcpEnd } from './tcp-ends.ts';

/** What the kernels of a connection took while nobody read. */
export interface FilledConnection {
  /** Whether a write was left waiting. */
  readonly isFull: boolean;
  /** Bytes of the writes that the kernel took whole. */
  readonly completedBytes: number;
  /** The same, and the write that was left waiting. */
  readonly writtenBytes: number;
  /** Where they are; `null` where the system does not tell, or did not come to rest within half a second. */
  readonly queued: { readonly sendQueueBytes: number; readonly receiveQueueBytes: number } | null;
  /** Until the first write that had to wait. */
  readonly durationMs: number;
}

/** Nobody is to wait for a machine that takes everything: more than any system gives to one connection unless it is told to. */
const MAX_WRITTEN_BYTES = 64 * 1024 * 1024;
// The receiver may hold an acknowledgement back for 40 ms, which lets a waiting write go on. Source: TCP_DELACK_MIN of Linux.
const QUIET_MS = 60;
const LOOK_EVERY_MS = 20;
const LONGEST_WAIT_MS = 500;

/**
 * Writes until the kernel takes no more: the last write was still waiting when nothing had moved for 60 ms. It is left to go on when
 * somebody reads. Stops unfilled at 64 MiB.
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
    // The kernel says within a turn what it takes at once.
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

/** Waits until nothing has moved for a while, or the write went on, or for half a second; what the queues then hold. */
async function untilQuiet(
  lab: Lab,
  ends: { readonly sender: TcpEnd; readonly receiver: TcpEnd },
  isTaken: () => boolean,
  [leastBytes, mostBytes]: readonly [number, number],
): Promise<FilledConnection['queued']> {
  const giveUpAt = performance.now() + LONGEST_WAIT_MS;
  let queued = await readQueues(ends);
  let quietSince = performance.now();
  while (!isTaken() && performance.now() < giveUpAt) {
    await pause(LOOK_EVERY_MS, undefined, { signal: lab.signal });
    const before = totalOf(queued);
    queued = await readQueues(ends);
    const total = totalOf(queued);
    // What has arrived and is not acknowledged is in both queues: then they hold more than there is.
    const isPlausible = queued === null || (total >= leastBytes && total <= mostBytes);
    if (total !== before || !isPlausible) quietSince = performance.now();
    else if (performance.now() - quietSince >= QUIET_MS) return queued;
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
