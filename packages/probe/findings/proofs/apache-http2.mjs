// The connection preface and SETTINGS of HTTP/2: in one write, and with a pause inside the preface.
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const start = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1');
const NAMES = { 4: 'SETTINGS', 7: 'GOAWAY', 8: 'WINDOW_UPDATE' };

async function ask(pieces) {
  const answer = [];
  const socket = connect(Number(process.argv[2]), '127.0.0.1')
    .setNoDelay()
    .on('data', (bytes) => answer.push(bytes));
  for (const piece of pieces) await wait(500, socket.write(piece));
  socket.destroy();
  const text = Buffer.concat(answer).toString('latin1');
  if (text.startsWith('HTTP/1')) return text.split('\r\n', 1)[0];
  const types = [];
  for (let bytes = Buffer.concat(answer); bytes.length >= 9; bytes = bytes.subarray(9 + bytes.readUIntBE(0, 3)))
    types.push(NAMES[bytes[3]] ?? bytes[3]);
  return types.join(', ');
}

const [whole, cut] = [await ask([start]), await ask([start.subarray(0, 21), start.subarray(21)])];
process.stdout.write(`in one write:  ${whole}\nwith a pause:  ${cut}\n`);
process.exitCode = whole === cut ? 1 : 0;
