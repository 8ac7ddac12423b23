import { lengthPrefixed, u32be } from '@socklab/framing';
import { framed } from '@socklab/framing/node';
import type { EchoServer } from '../server.ts';

const codec = lengthPrefixed({ length: u32be });

export const server: EchoServer = {
  name: 'ours-for-each',
  about: 'messages.forEach((message) => messages.send(message))',
  wire: 'u32be',
  serve: (socket) => {
    const messages = framed(socket, codec);
    messages.forEach((message) => messages.send(message)).catch(() => socket.destroy());
  },
};
