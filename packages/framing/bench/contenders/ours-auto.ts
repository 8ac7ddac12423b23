import { lengthPrefixed, u32be } from '@socklab/framing';
import type { Contender } from '../contender.ts';

// The largest frame here has 64 MiB.
const codec = lengthPrefixed({ length: u32be, maxPayloadBytes: 2 ** 26 });

export const contender: Contender = {
  name: 'ours-auto',
  task: 'decode',
  group: 'ours',
  wire: 'u32be',
  about: "next() as it comes: payload: 'auto'",
  prepare:
    ({ chunks }, { bytes }) =>
    () => {
      const decoder = codec.createDecoder();
      let frames = 0;
      let sum = 0;
      for (const chunk of chunks) {
        decoder.push(chunk);
        for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) {
          frames++;
          sum += bytes(payload, 0, payload.length);
        }
      }
      decoder.end();
      return { frames, sum };
    },
};
