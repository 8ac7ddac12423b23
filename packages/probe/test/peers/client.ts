import { connect } from 'node:net';

// A client that asks once and prints the answer: a 32-bit length and a text. `first-chunk` takes what comes first for all of it;
// `two` waits for two answers and cannot go on when a read has more than one.
const [port, mode] = process.argv.slice(2);
const socket = connect({ port: Number(port), host: '127.0.0.1' });
let received: Buffer = Buffer.alloc(0);
socket.write('hello\n');
let answers = 0;
socket.on('data', (chunk: Buffer) => {
  received = Buffer.concat([received, chunk]);
  const isWhole = received.length >= 4 && received.length >= 4 + received.readUInt32BE();
  if (mode === 'two' && isWhole && received.length === 4 + received.readUInt32BE() && ++answers < 2) received = Buffer.alloc(0);
  else if (mode === 'first-chunk' || isWhole) finish();
});

function finish(): void {
  process.stdout.write(`answer: ${received.subarray(4).toString('utf8')}\n`);
  if (mode === 'pid') process.stdout.write(`${process.pid}\n`);
  if (mode === 'stay') return;
  socket.destroy();
  process.exitCode = received.length === 4 + received.readUInt32BE() ? 0 : 3;
}
