import { streamByHand } from '../hand.ts';
import type { Contender } from '../contender.ts';

export const contender: Contender = {
  name: 'hand-uint8array',
  task: 'decode',
  group: 'by hand',
  wire: 'u32be',
  about: 'streaming; new Uint8Array(memory, offset, length) for each payload',
  prepare:
    ({ chunks }, { bytes }) =>
    () =>
      streamByHand(chunks, {
        // Each chunk here is the whole of its memory.
        open: (chunk) => chunk.buffer,
        inChunk: (memory, start, end) => {
          const payload = new Uint8Array(memory, start, end - start);
          return bytes(payload, 0, payload.length);
        },
        collected: (payload) => bytes(payload, 0, payload.length),
        collector: (length) => new Uint8Array(length),
      }),
};
