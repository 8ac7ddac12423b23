import { lengthPrefixed, u32be } from '@socklab/framing';
import { framed } from '@socklab/framing/node';
import type { EchoServer } from '../server.ts';

const codec = lengthPrefixed({ length: u32be });

export const server: EchoServer = {
  name: 'ours-messages',
  about: 'for await (const message of framed(socket, codec)) await messages.send(message)',
  wire: 'u32be',
  serve: async (socket) => {
    const messages = framed(socket, codec);
    try {
      for await (const message of messages) await messages.send(message);
    } catch {
      socket.destroy();
    }
  },
};
