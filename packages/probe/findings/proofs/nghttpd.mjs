// A request of HTTP/2 in HEADERS and CONTINUATION: in one write, and with the nine bytes of the CONTINUATION's header in nine writes.
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const start = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0\0\0\0\u0004\u0001\0\0\0\0', 'latin1');
const headers = Buffer.from('000006010100000001020448454144', 'hex');
const continuation = Buffer.from('00000d090400000001868401096c6f63616c686f7374', 'hex');

async function ask(pieces) {
  let [answer, end] = ['', 'it stays open'];
  const socket = connect(Number(process.argv[2]), '127.0.0.1').setNoDelay();
  socket.on('data', (bytes) => (answer += bytes.toString('hex'))).on('end', () => (end = 'it closes'));
  for (const piece of [start, ...pieces]) await wait(200, socket.write(piece));
  await wait(300, socket.destroy());
  return `${/01(?:04|05)00000001/.test(answer) ? 'an answer' : 'no answer'}, ${end}`;
}

const bytes = [...continuation.subarray(0, 9)].map((byte) => Buffer.of(byte));
const [whole, cut] = [await ask([Buffer.concat([headers, continuation])]), await ask([headers, ...bytes, continuation.subarray(9)])];
process.stdout.write(`in one write:  ${whole}\nwith a pause:  ${cut}\n`);
process.exitCode = whole === cut ? 1 : 0;
