// A read of two registers over Modbus/TCP: in one write, and with a pause behind its seventh byte.
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const request = Buffer.from('000100000006010300000002', 'hex');

async function ask(pieces) {
  let [answer, end] = ['', ''];
  const socket = connect(Number(process.argv[2]), '127.0.0.1')
    .setNoDelay()
    .on('data', (bytes) => (answer += bytes.toString('hex')));
  socket.on('end', () => (end = ', then it closes')).on('error', ({ code }) => (end = `, then ${code}`));
  for (const piece of pieces) await wait(500, socket.write(piece));
  socket.destroy();
  return (answer || 'nothing') + end;
}

const [whole, cut] = [await ask([request]), await ask([request.subarray(0, 7), request.subarray(7)])];
process.stdout.write(`in one write:  ${whole}\nwith a pause:  ${cut}\n`);
process.exitCode = whole === cut ? 1 : 0;
