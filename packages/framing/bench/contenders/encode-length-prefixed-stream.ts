import lps from 'length-prefixed-stream';
import { feed } from '../feed.ts';
import type { Contender } from '../contender.ts';

export const contender: Contender = {
  name: 'encode-length-prefixed-stream',
  task: 'encode',
  group: 'npm',
  wire: 'varint',
  about: 'encode() Transform: prefix and payload apart, nothing copied',
  prepare:
    ({ payloads }, { written }) =>
    async () => {
      const { sum } = await feed(lps.encode(), payloads, written);
      return { frames: payloads.length, sum };
    },
};
