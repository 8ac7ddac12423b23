import { Duplex } from 'node:stream';
import type { Recorder } from '../record/recorder.ts';
import type { BytesIn } from '@socklab/framing';
import type { Socket } from 'node:net';

/** Wraps a socket for programs with their own protocol, and records what they read and write. */
export function tapSocket(socket: Socket, outgoing: Recorder, incoming: Recorder): Duplex {
  const stream = new Duplex({
    write(chunk: BytesIn, _encoding, done) {
      // Empty writes cause no system call.
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
  // A 'data' listener starts reading, which nobody asked for yet.
  socket.pause();
  socket.on('end', () => {
    incoming.read(0);
    stream.push(null);
  });
  socket.on('error', (error) => stream.destroy(error));
  // Readers and writers get the error; an unused stream must not end the process.
  stream.on('error', () => undefined);
  return stream;
}
