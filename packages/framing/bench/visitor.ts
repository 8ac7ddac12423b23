import type { Task } from './cells.ts';
import type { Visitor } from './contender.ts';
import type { Workload } from './workload.ts';

/** A timed run takes each payload's length and its first byte. */
export const touch: Visitor = {
  bytes: (memory, start, end) => (end - start) * 256 + memory[start]!,
  lengthOnly: (_memory, start, end) => (end - start) * 256,
  list: (list) => list.byteLength * 256 + list.get(0),
  text: (line) => line.length * 256 + line.charCodeAt(0),
  written: (bytes) => bytes.length,
};

/** A visitor that reads every byte, and its hash: payloads that are reordered, cut or glued give another hash. */
export interface Hasher {
  readonly visitor: Visitor;
  readonly state: { hash: number };
}

export function createHasher(): Hasher {
  const state = { hash: 0 };
  const add = (memory: Uint8Array, start: number, end: number): number => {
    let { hash } = state;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + memory[at]!) | 0;
    state.hash = hash;
    return (end - start) * 256;
  };
  // The length is hashed too: otherwise a misplaced boundary would not show.
  const bytes: Visitor['bytes'] = (memory, start, end) => {
    state.hash = (Math.imul(state.hash, 31) + (end - start)) | 0;
    return add(memory, start, end);
  };
  const whole = (payload: Uint8Array): number => bytes(payload, 0, payload.length);
  return {
    state,
    visitor: {
      bytes,
      lengthOnly: bytes,
      list: (list) => whole(list.subarray()),
      text: (line) => whole(Buffer.from(line, 'latin1')),
      // How frames were spread over writes does not matter: only the bytes do.
      written: (part) => add(part, 0, part.length) / 256,
    },
  };
}

/** The hash of a correct contender. */
export function expectedHash(task: Task, { payloads, stream }: Workload): number {
  const { visitor, state } = createHasher();
  if (task === 'encode') visitor.written(stream);
  else for (const payload of payloads) visitor.bytes(payload, 0, payload.length);
  return state.hash;
}

/** The sums of a correct contender in a timed run: with first bytes, without, and of bytes written. */
export function expectedSums({ payloads, stream }: Workload): readonly number[] {
  const lengths = payloads.reduce((sum, { length }) => sum + length * 256, 0);
  return [lengths + payloads.reduce((sum, payload) => sum + payload[0]!, 0), lengths, stream.length];
}
