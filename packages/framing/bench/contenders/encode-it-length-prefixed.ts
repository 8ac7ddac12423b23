import { encode } from 'it-length-prefixed';
import type { Contender } from '../contender.ts';

export const contender: Contender = {
  name: 'encode-it-length-prefixed',
  task: 'encode',
  group: 'npm',
  wire: 'varint',
  about: 'encode() over a synchronous iterable: prefix and payload apart, nothing copied',
  prepare:
    ({ payloads }, { written }) =>
    () => {
      let sum = 0;
      for (const part of encode(payloads)) sum += written(part);
      return { frames: payloads.length, sum };
    },
};
