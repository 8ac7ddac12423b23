// Bare Node without backpressure: what most programs do.
import { createServer } from 'node:net';
import { announce } from './announce.ts';

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => socket.write(chunk));
});
server.listen(0, '127.0.0.1', () => announce(server));
