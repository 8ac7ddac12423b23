import type { Contender } from '../contender.ts';

export const contender: Contender = {
  name: 'encode-naive-concat',
  task: 'encode',
  group: 'npm',
  wire: 'u32be',
  about: 'what blogs show: Buffer.concat of header and payload',
  prepare:
    ({ payloads }, { written }) =>
    () => {
      let sum = 0;
      for (const payload of payloads) {
        const header = Buffer.alloc(4);
        header.writeUInt32BE(payload.length);
        sum += written(Buffer.concat([header, payload]));
      }
      return { frames: payloads.length, sum };
    },
};
