import { decode, lengthPrefixed, u32be } from '@socklab/framing';
import type { Contender } from '../contender.ts';

// The largest frame here has 64 MiB.
const codec = lengthPrefixed({ length: u32be, maxPayloadBytes: 2 ** 26 });

/** A socket as a loop sees it: one chunk after another. An async generator would cost more than what is measured. */
function arriving(chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  const iterator = chunks.values();
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(iterator.next()) }) };
}

export const contender: Contender = {
  name: 'ours-async-loop',
  task: 'decode',
  group: 'ours',
  wire: 'u32be',
  about: 'for await (const payload of decode(codec, source)), as it comes, over chunks that arrive one by one',
  prepare:
    ({ chunks }, { bytes }) =>
    async () => {
      let frames = 0;
      let sum = 0;
      for await (const payload of decode(codec, arriving(chunks))) {
        frames++;
        sum += bytes(payload, 0, payload.length);
      }
      return { frames, sum };
    },
};
