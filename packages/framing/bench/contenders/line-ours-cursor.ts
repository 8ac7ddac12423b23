import { line } from '@socklab/framing';
import type { Contender } from '../contender.ts';

const codec = line();

export const contender: Contender = {
  name: 'line-ours-cursor',
  task: 'lines',
  group: 'ours',
  wire: 'lf',
  about: 'advance(), read in place',
  prepare:
    ({ chunks }, { bytes }) =>
    () => {
      const decoder = codec.createDecoder();
      let frames = 0;
      let sum = 0;
      for (const chunk of chunks) {
        decoder.push(chunk);
        while (decoder.advance()) {
          frames++;
          sum += bytes(decoder.payloadMemory, decoder.payloadStart, decoder.payloadEnd);
        }
      }
      decoder.end();
      return { frames, sum };
    },
};
