import type { Contender } from '../contender.ts';

export const contender: Contender = {
  name: 'encode-hand-each',
  task: 'encode',
  group: 'by hand',
  wire: 'u32be',
  about: 'Buffer.allocUnsafe, prefix and payload into it: a buffer for each frame',
  prepare:
    ({ payloads }, { written }) =>
    () => {
      let sum = 0;
      for (const payload of payloads) {
        const frame = Buffer.allocUnsafe(4 + payload.length);
        frame.writeUInt32BE(payload.length);
        frame.set(payload, 4);
        sum += written(frame);
      }
      return { frames: payloads.length, sum };
    },
};
