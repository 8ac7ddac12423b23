import { encode } from 'frame-stream';
import { feed } from '../feed.ts';
import type { Contender } from '../contender.ts';

export const contender: Contender = {
  name: 'encode-frame-stream',
  task: 'encode',
  group: 'npm',
  wire: 'u32be',
  about: 'encode() Transform',
  prepare:
    ({ payloads }, { written }) =>
    async () => {
      const { sum } = await feed(encode(), payloads, written);
      return { frames: payloads.length, sum };
    },
};
