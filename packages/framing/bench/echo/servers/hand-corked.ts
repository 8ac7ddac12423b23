import { echoByHand } from '../hand.ts';
import type { EchoServer } from '../server.ts';

export const server: EchoServer = {
  name: 'hand-corked',
  about: 'the same, corked while a chunk is handled',
  wire: 'u32be',
  serve: (socket) => {
    const echo = echoByHand(socket);
    socket.on('data', (chunk: Buffer) => {
      socket.cork();
      echo(chunk);
      socket.uncork();
    });
  },
};
