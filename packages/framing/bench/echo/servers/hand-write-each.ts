import { echoByHand } from '../hand.ts';
import type { EchoServer } from '../server.ts';

export const server: EchoServer = {
  name: 'hand-write-each',
  about: "'data', Buffer.concat with the rest, one write a frame",
  wire: 'u32be',
  serve: (socket) => socket.on('data', echoByHand(socket)),
};
