import { lengthPrefixed, u32be } from '@socklab/framing';
import { framed } from '@socklab/framing/node';
import type { EchoServer } from '../server.ts';

const codec = lengthPrefixed({ length: u32be });

export const server: EchoServer = {
  name: 'ours-batches',
  about: 'for await (const batch of messages.batches()) await messages.sendBatch(batch)',
  wire: 'u32be',
  serve: async (socket) => {
    const messages = framed(socket, codec);
    try {
      for await (const batch of messages.batches()) await messages.sendBatch(batch);
    } catch {
      socket.destroy();
    }
  },
};
