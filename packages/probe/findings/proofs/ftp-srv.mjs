// The command FEAT of FTP behind the greeting: in one write, and with a pause behind its second letter.
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

async function ask(pieces) {
  let answer = '';
  const socket = connect(Number(process.argv[2]), '127.0.0.1')
    .setNoDelay()
    .on('data', (bytes) => (answer += bytes));
  await wait(500);
  answer = '';
  for (const piece of pieces) await wait(500, socket.write(piece));
  socket.destroy();
  return answer.match(/^\d{3}/gm)?.join(', ') ?? 'nothing';
}

const [whole, cut] = [await ask(['FEAT\r\n']), await ask(['FE', 'AT\r\n'])];
process.stdout.write(`in one write:  ${whole}\nwith a pause:  ${cut}\n`);
process.exitCode = whole === cut ? 1 : 0;
