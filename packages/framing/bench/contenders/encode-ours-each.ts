import { lengthPrefixed, u32be } from '@socklab/framing';
import type { Contender } from '../contender.ts';

const codec = lengthPrefixed({ length: u32be });

export const contender: Contender = {
  name: 'encode-ours-each',
  task: 'encode',
  group: 'ours',
  wire: 'u32be',
  about: 'encode(): a buffer for each frame',
  prepare:
    ({ payloads }, { written }) =>
    () => {
      let sum = 0;
      for (const payload of payloads) sum += written(codec.encode(payload));
      return { frames: payloads.length, sum };
    },
};
