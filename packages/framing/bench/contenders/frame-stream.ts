import { decode } from 'frame-stream';
import { feed } from '../feed.ts';
import type { Contender } from '../contender.ts';

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
