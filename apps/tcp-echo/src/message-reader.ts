import type { Bytes } from '@socklab/framing';
import type { FramedSocket } from '@socklab/framing/node';

/** Takes messages one at a time, for those who speak in turn. */
export interface MessageReader {
  /** The next message; `undefined` once the peer has ended its side. Throws as `nextBatch` does. */
  next(): Promise<Bytes | undefined>;
}

/** Makes the inbox of one connection. */
export function createMessageReader(messages: FramedSocket<Bytes, Uint8Array>): MessageReader {
  let batch: readonly Bytes[] = [];
  let index = 0;
  return {
    async next() {
      if (index === batch.length) {
        batch = (await messages.nextBatch()) ?? [];
        index = 0;
      }
      return batch[index++];
    },
  };
}
