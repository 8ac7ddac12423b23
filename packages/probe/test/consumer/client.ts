// A client that asks once and prints the answer, a 32-bit length and a text. `first-chunk` takes what comes first for all of it.

import { connect } from 'node:net';

const [port, mode] = process.argv.slice(2);
const socket = connect({ port: Number(port), host: '127.0.0.1' });
let received: Buffer = Buffer.alloc(0);
socket.write('hello\n');
socket.on('data', (chunk: Buffer) => {
  received = Buffer.concat([received, chunk]);
  const isWhole = received.length >= 4 && received.length >= 4 + received.readUInt32BE();
  if (mode !== 'first-chunk' && !isWhole) return;
  process.stdout.write(received.subarray(4));
  socket.destroy();
});
