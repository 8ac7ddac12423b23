// Bare Node: what its documentation shows.
import { createServer } from 'node:net';
import { announce } from './announce.ts';

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => undefined);
  socket.pipe(socket);
});
server.listen(0, '127.0.0.1', () => announce(server));
