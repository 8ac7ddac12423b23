import { line } from '@socklab/framing';
import type { Contender } from '../contender.ts';

const codec = line();

export const contender: Contender = {
  name: 'line-ours-auto',
  task: 'lines',
  group: 'ours',
  wire: 'lf',
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
