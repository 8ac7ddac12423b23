// Two HL7 messages over MLLP, each acknowledged with its id: in one write, and in two with a pause between them.
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const message = (id) =>
  Buffer.from(`\v${['MSH|^~\\&|A|B|C|D|20260101120000||ADT^A01^ADT_A01|', '|T|2.5\rEVN|A01|20260101120000\rPV1|1|I\r'].join(id)}\x1c\r`);
const [first, second] = [message('1'), message('2')];

async function ask(pieces) {
  let answer = '';
  const socket = connect(Number(process.argv[2]), '127.0.0.1')
    .setNoDelay()
    .on('data', (bytes) => (answer += bytes));
  socket.on('error', ({ code }) => (answer += code));
  for (const piece of pieces) await wait(500, socket.write(piece));
  socket.destroy();
  return [...answer.matchAll(/MSA\|(\w\w)\|(\w*)/g)].map(([, code, id]) => `${code} ${id}`).join(', ') || 'nothing';
}

const [whole, cut] = [await ask([Buffer.concat([first, second])]), await ask([first, second])];
process.stdout.write(`in one write:  ${whole}\nwith a pause:  ${cut}\n`);
process.exitCode = whole === cut ? 1 : 0;
