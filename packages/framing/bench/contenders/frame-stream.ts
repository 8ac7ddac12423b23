import { decode } from 'frame-stream';
import type { Contender } from '../contender.ts';
import { feed } from '../feed.ts';

export const contender: Contender = {
  name: 'frame-stream',
  task: 'decode',
  group: 'npm',
  wire: 'u32be',
  about: "decode() Transform, 'data' events",
  prepare:
    ({ chunks }, { bytes }) =>
    () =>
      feed(decode(), chunks, (payload: Buffer) => bytes(payload, 0, payload.length)),
};
