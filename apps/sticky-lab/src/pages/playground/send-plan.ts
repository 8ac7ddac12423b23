import { setTimeout as wait } from 'node:timers/promises';
import type { Plan } from './plan.ts';
import type { Reader } from './reader.ts';
import type { PlaygroundSettings } from './settings.ts';
import type { Recorder } from '@socklab/lab';
import type { Socket } from 'node:net';

/** What {@link sendPlan} works with. */
export interface Sending {
  readonly socket: Socket;
  readonly reader: Reader;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
}

/** Writes a whole plan. Resolves when the kernel has taken everything. */
export async function sendPlan(plan: Plan, { write, gapMs }: PlaygroundSettings, sending: Sending): Promise<void> {
  const { socket, reader, recorder, signal } = sending;
  const messageBytes = beginnings(plan);
  for (const [index, { start, end }] of plan.writes.entries()) {
    if (index > 0 && write === 'gap') await wait(gapMs, undefined, { signal });
    signal.throwIfAborted();
    const bytes = plan.wire.subarray(start, end);
    recorder.write(bytes, messageBytes[index]);
    await written(socket, bytes);
    if (write === 'pieces') await reader.hasRead(end);
    // The receiver is in this process too: so it may read between two writes, as another process may.
    else await nextTurn();
  }
}

/** The lengths of the messages that begin in each write; empty ones at the very end belong to the last. */
function beginnings({ frames, writes }: Plan): readonly (readonly number[])[] {
  let next = 0;
  return writes.map(({ end }, index) => {
    const lengths: number[] = [];
    const limit = index === writes.length - 1 ? Infinity : end;
    for (let frame = frames[next]; frame !== undefined && frame.start < limit; frame = frames[next]) {
      lengths.push(frame.end - frame.start);
      next++;
    }
    return lengths;
  });
}

/** Waiting for each makes it a system call of its own: writes that wait together are merged. */
function written(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
