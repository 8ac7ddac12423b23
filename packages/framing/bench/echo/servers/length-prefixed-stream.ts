import lps from 'length-prefixed-stream';
import type { EchoServer } from '../server.ts';

export const server: EchoServer = {
  name: 'length-prefixed-stream',
  about: 'socket.pipe(decode()).pipe(encode()).pipe(socket)',
  wire: 'protobuf',
  serve: (socket) => {
    const [decoder, encoder] = [lps.decode(), lps.encode()] as unknown as [NodeJS.ReadWriteStream, NodeJS.ReadWriteStream];
    socket.pipe(decoder).pipe(encoder).pipe(socket);
  },
};
