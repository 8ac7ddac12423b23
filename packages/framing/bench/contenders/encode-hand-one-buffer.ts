import { SLAB_BYTES, fillByHand } from '../slab.ts';
import type { Contender } from '../contender.ts';

const LARGEST_FRAME_BYTES = 65_540;

export const contender: Contender = {
  name: 'encode-hand-one-buffer',
  task: 'encode',
  group: 'by hand',
  wire: 'u32be',
  about: 'prefix and payload into one preallocated buffer, which is written over and over',
  prepare: ({ payloads }, { written }) => {
    const largest = payloads.some(({ length }) => length + 4 > SLAB_BYTES) ? LARGEST_FRAME_BYTES : SLAB_BYTES;
    const slab = new Uint8Array(largest);
    return () => fillByHand(payloads, written, () => slab);
  },
};
