import { streamByHand } from '../hand.ts';
import type { Contender } from '../contender.ts';

export const contender: Contender = {
  name: 'hand-buffer-subarray',
  task: 'decode',
  group: 'by hand',
  wire: 'u32be',
  about: 'streaming; Buffer.subarray for each payload',
  prepare:
    ({ chunks }, { bytes }) =>
    () =>
      streamByHand(chunks, {
        open: (chunk) => chunk,
        inChunk: (chunk, start, end) => {
          const payload = chunk.subarray(start, end);
          return bytes(payload, 0, payload.length);
        },
        collected: (payload) => bytes(payload, 0, payload.length),
        collector: (length) => Buffer.allocUnsafe(length),
      }),
};
