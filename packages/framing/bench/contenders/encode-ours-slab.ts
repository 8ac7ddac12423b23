import { createFrameWriter, lengthPrefixed, u32be } from '@socklab/framing';
import { SLAB_BYTES } from '../slab.ts';
import type { Contender } from '../contender.ts';

const codec = lengthPrefixed({ length: u32be });

export const contender: Contender = {
  name: 'encode-ours-slab',
  task: 'encode',
  group: 'ours',
  wire: 'u32be',
  about: "encodeInto() a frame writer with memory: 'reused', take() every 64 KiB",
  prepare: ({ payloads }, { written }) => {
    const writer = createFrameWriter({ memory: 'reused' });
    return () => {
      let sum = 0;
      for (const payload of payloads) {
        if (writer.length + payload.length + 4 > SLAB_BYTES) sum += written(writer.take());
        codec.encodeInto(writer, payload);
      }
      sum += written(writer.take());
      return { frames: payloads.length, sum };
    };
  },
};
