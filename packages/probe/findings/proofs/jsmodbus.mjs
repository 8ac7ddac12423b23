// Two registers are written over Modbus/TCP: in one write, and with a pause behind the header and the count of bytes.
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const request = Buffer.from('00010000000b0110000000020400000000', 'hex');

async function ask(pieces) {
  let answer = '';
  const socket = connect(Number(process.argv[2]), '127.0.0.1').setNoDelay();
  socket.on('data', (bytes) => (answer += bytes.toString('hex')));
  for (const piece of pieces) await wait(500, socket.write(piece));
  socket.destroy();
  return answer || 'nothing';
}

const [whole, cut] = [await ask([request]), await ask([request.subarray(0, 13), request.subarray(13)])];
process.stdout.write(`in one write:  ${whole}\nwith a pause:  ${cut}\n`);
process.exitCode = whole === cut ? 1 : 0;
