import { readU32be } from '../hand.ts';
import type { Contender } from '../contender.ts';

export const contender: Contender = {
  name: 'hand-lengths-only',
  task: 'decode',
  group: 'by hand',
  wire: 'u32be',
  about: 'the whole stream in one buffer, nothing but the lengths looked at',
  prepare:
    ({ stream }, { lengthOnly }) =>
    () => {
      let frames = 0;
      let sum = 0;
      for (let end = 0; end < stream.length; frames++) {
        const start = end + 4;
        end = start + readU32be(stream, end);
        sum += lengthOnly(stream, start, end);
      }
      return { frames, sum };
    },
};
