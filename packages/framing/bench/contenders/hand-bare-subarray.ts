import { readU32be } from '../hand.ts';
import type { Contender } from '../contender.ts';

export const contender: Contender = {
  name: 'hand-bare-subarray',
  task: 'decode',
  group: 'by hand',
  wire: 'u32be',
  about: 'the whole stream in one buffer, one subarray a frame',
  prepare:
    ({ stream }, { bytes }) =>
    () => {
      let frames = 0;
      let sum = 0;
      for (let end = 0; end < stream.length; frames++) {
        const start = end + 4;
        end = start + readU32be(stream, end);
        const payload = stream.subarray(start, end);
        sum += bytes(payload, 0, payload.length);
      }
      return { frames, sum };
    },
};
