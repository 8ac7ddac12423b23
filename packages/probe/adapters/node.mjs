import { createInterface } from 'node:readline';
// The torture suite, spoken in Node.js: put your decoder in the place of `createDecoder`.
import { codecByName } from '@socklab/framing';

const framing = process.argv[2] ?? 'u32be';
const createDecoder = (maxPayloadBytes) => codecByName(framing, { maxPayloadBytes }).createDecoder();

// adapter: 15 lines
let decoder;
for await (const line of createInterface({ input: process.stdin })) {
  const [word, value] = line.split(' ');
  const answers = [];
  try {
    if (word === 'new') decoder = createDecoder(Number(value));
    if (word === 'chunk') decoder.push(Buffer.from(value, 'hex'));
    if (word === 'end') decoder.end();
    for (let payload; (payload = decoder.next()) !== undefined;) answers.push(`payload ${Buffer.from(payload).toString('hex')}\n`);
  } catch (error) {
    answers.push(`error ${error.message}\n`);
  }
  process.stdout.write(`${answers.join('')}ok\n`);
}
