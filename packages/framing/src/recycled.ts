import type { Bytes } from './codec.ts';

const MAX_MEMORIES = 8;
const MAX_MEMORY_BYTES = 262_144;

// Shared by all decoders of the process, at most 2 MiB. Peers tend to send frames of the same size again.
const memories: Bytes[] = [];

/** Keeps memory that frames were only collected in, and that nobody was given: a fresh one costs more than filling it. */
export function recycle(memory: Bytes): void {
  if (memory.length <= MAX_MEMORY_BYTES && memories.length < MAX_MEMORIES) memories.push(memory);
}

/** Memory of exactly `byteLength` bytes, which may hold old ones; `undefined` when there is none. */
export function takeRecycled(byteLength: number): Bytes | undefined {
  const index = memories.findLastIndex((memory) => memory.length === byteLength);
  if (index < 0) return undefined;
  const memory = memories[index];
  const last = memories.pop()!;
  if (index < memories.length) memories[index] = last;
  return memory;
}
