// The methods of a SOCKS5 client, 05 02 00 01: in one write, and with a pause behind the first byte.
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const methods = Buffer.from('05020001', 'hex');

async function ask(pieces) {
  let answer = '';
  const socket = connect(Number(process.argv[2]), '127.0.0.1')
    .setNoDelay()
    .on('data', (bytes) => (answer += bytes.toString('hex')));
  for (const piece of pieces) await wait(500, socket.write(piece));
  socket.destroy();
  return answer || 'nothing';
}

const [whole, cut] = [await ask([methods]), await ask([methods.subarray(0, 1), methods.subarray(1)])];
process.stdout.write(`in one write:  ${whole}\nwith a pause:  ${cut}\n`);
process.exitCode = whole === cut ? 1 : 0;
