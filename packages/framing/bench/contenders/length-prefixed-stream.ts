import lps from 'length-prefixed-stream';
import { feed } from '../feed.ts';
import type { Contender } from '../contender.ts';

export const contender: Contender = {
  name: 'length-prefixed-stream',
  task: 'decode',
  group: 'npm',
  wire: 'varint',
  about: "decode() Transform, 'data' events",
  prepare:
    ({ chunks }, { bytes }) =>
    () =>
      feed(lps.decode(), chunks, (payload: Buffer) => bytes(payload, 0, payload.length)),
};
