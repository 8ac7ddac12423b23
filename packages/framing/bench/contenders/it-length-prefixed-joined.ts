import { decode } from 'it-length-prefixed';
import type { Contender } from '../contender.ts';

export const contender: Contender = {
  name: 'it-length-prefixed-joined',
  task: 'decode',
  group: 'npm',
  wire: 'varint',
  about: 'decode(chunks), and subarray() of each list, which joins a payload of several chunks',
  prepare:
    ({ chunks }, { bytes }) =>
    () => {
      let frames = 0;
      let sum = 0;
      for (const list of decode(chunks)) {
        const payload = list.subarray();
        frames++;
        sum += bytes(payload, 0, payload.length);
      }
      return { frames, sum };
    },
};
