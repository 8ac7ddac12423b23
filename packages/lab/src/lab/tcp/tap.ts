import { Duplex } from 'node:stream';
import type { Recorder } from '../record/recorder.ts';
import type { BytesIn } from '@socklab/framing';
import type { Socket } from 'node:net';

/** A socket for programs that bring their own protocol: what they write and read on it is recorded as it passes. */
export function tapSocket(socket: Socket, outgoing: Recorder, incoming: Recorder): Duplex {
  const stream = new Duplex({
    write(chunk: BytesIn, _encoding, done) {
      // Programs also write nothing, to mark an end of theirs: no system call comes of it.
      if (chunk.length > 0) outgoing.write(chunk);
      socket.write(chunk, done);
    },
    final(done) {
      outgoing.end('sender');
      socket.end(done);
    },
    read: () => void socket.resume(),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk: BytesIn) => {
    incoming.read(chunk.length);
    if (!stream.push(chunk)) socket.pause();
  });
  // Listening for data starts the flow, and nobody asked yet.
  socket.pause();
  socket.on('end', () => {
    incoming.read(0);
    stream.push(null);
  });
  socket.on('error', (error) => stream.destroy(error));
  // Whoever reads or writes is told; a stream that nobody uses any more must not end the process.
  stream.on('error', () => undefined);
  return stream;
}
