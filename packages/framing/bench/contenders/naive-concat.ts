import type { Contender } from '../contender.ts';

export const contender: Contender = {
  name: 'naive-concat',
  task: 'decode',
  group: 'npm',
  wire: 'u32be',
  about: 'what blogs show: Buffer.concat of the rest and each chunk',
  prepare:
    ({ chunks }, { bytes }) =>
    () => {
      let rest: Buffer = Buffer.alloc(0);
      let frames = 0;
      let sum = 0;
      for (const chunk of chunks) {
        rest = Buffer.concat([rest, chunk]);
        while (rest.length >= 4) {
          const end = 4 + rest.readUInt32BE(0);
          if (rest.length < end) break;
          const payload = rest.subarray(4, end);
          rest = rest.subarray(end);
          frames++;
          sum += bytes(payload, 0, payload.length);
        }
      }
      return { frames, sum };
    },
};
