import { decode } from 'it-length-prefixed';
import type { Contender } from '../contender.ts';

export const contender: Contender = {
  name: 'it-length-prefixed',
  task: 'decode',
  group: 'npm',
  wire: 'varint',
  about: 'decode() over a synchronous iterable, Uint8ArrayList left as it is, unjoined',
  prepare:
    ({ chunks }, { list }) =>
    () => {
      let frames = 0;
      let sum = 0;
      for (const payload of decode(chunks)) {
        frames++;
        sum += list(payload);
      }
      return { frames, sum };
    },
};
