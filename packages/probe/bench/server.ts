import { createServer } from 'node:net';
import { lengthPrefixed, u32be } from '@socklab/framing';
import { framed } from '@socklab/framing/node';

/** A correct server for the benchmark: echoes frames with a 32-bit length on the given address, and prints its port. */
const codec = lengthPrefixed({ length: u32be });
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  const connection = framed(socket, codec);
  void (async () => {
    for await (const payload of connection) await connection.send(payload);
    socket.end();
  })();
});
server.listen(0, process.argv[2], () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : address}\n`);
});
