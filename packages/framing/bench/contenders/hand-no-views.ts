import { streamByHand } from '../hand.ts';
import type { Contender } from '../contender.ts';

export const contender: Contender = {
  name: 'hand-no-views',
  task: 'decode',
  group: 'by hand',
  wire: 'u32be',
  about: 'streaming; start and end only, one buffer reused for what crosses chunks',
  prepare:
    ({ chunks }, { bytes }) =>
    () => {
      let reused: Buffer = Buffer.allocUnsafeSlow(4096);
      return streamByHand(chunks, {
        open: (chunk) => chunk,
        inChunk: bytes,
        collected: (memory, length) => bytes(memory, 0, length),
        collector: (length) => {
          if (reused.length < length) reused = Buffer.allocUnsafeSlow(2 * length);
          return reused;
        },
      });
    },
};
