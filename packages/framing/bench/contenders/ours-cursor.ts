import { lengthPrefixed, u32be } from '@socklab/framing';
import type { Contender } from '../contender.ts';

// The largest frame here has 64 MiB.
const codec = lengthPrefixed({ length: u32be, maxPayloadBytes: 2 ** 26 });

export const contender: Contender = {
  name: 'ours-cursor',
  task: 'decode',
  group: 'ours',
  wire: 'u32be',
  about: 'advance(), read in place',
  prepare:
    ({ chunks }, { bytes }) =>
    () => {
      const decoder = codec.createDecoder();
      let frames = 0;
      let sum = 0;
      for (const chunk of chunks) {
        decoder.push(chunk);
        while (decoder.advance()) {
          frames++;
          sum += bytes(decoder.payloadMemory, decoder.payloadStart, decoder.payloadEnd);
        }
      }
      decoder.end();
      return { frames, sum };
    },
};
