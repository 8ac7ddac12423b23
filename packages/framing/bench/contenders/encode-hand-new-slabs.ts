import { fillByHand } from '../slab.ts';
import type { Contender } from '../contender.ts';

export const contender: Contender = {
  name: 'encode-hand-new-slabs',
  task: 'encode',
  group: 'by hand',
  wire: 'u32be',
  about: 'the same into a new 64 KiB buffer each time, as a socket that keeps what it is given needs it',
  prepare:
    ({ payloads }, { written }) =>
    () =>
      fillByHand(payloads, written, (byteLength) => new Uint8Array(byteLength)),
};
