import { decode, lengthPrefixed, u32be } from '@socklab/framing';
import type { Contender } from '../contender.ts';

// The largest frame here has 64 MiB.
const codec = lengthPrefixed({ length: u32be, maxPayloadBytes: 2 ** 26 });

export const contender: Contender = {
  name: 'ours-loop',
  task: 'decode',
  group: 'ours',
  wire: 'u32be',
  about: 'for (const payload of decode(codec, chunks)), as it comes',
  prepare:
    ({ chunks }, { bytes }) =>
    () => {
      let frames = 0;
      let sum = 0;
      for (const payload of decode(codec, chunks)) {
        frames++;
        sum += bytes(payload, 0, payload.length);
      }
      return { frames, sum };
    },
};
