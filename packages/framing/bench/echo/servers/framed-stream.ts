import FramedStream from 'framed-stream';
import type { EchoServer } from '../server.ts';

export const server: EchoServer = {
  name: 'framed-stream',
  about: "Duplex of streamx, 'data' events, write() of each",
  wire: 'u32le',
  serve: (socket) => {
    const stream = new FramedStream(socket);
    stream.on('data', (message: Buffer) => void stream.write(message));
    stream.on('error', () => socket.destroy());
  },
};
