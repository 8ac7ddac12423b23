// The suite's protocol around a Node.js decoder that emits payloads asynchronously: it gets the next command once it is idle.
import { createInterface } from 'node:readline';

/** This many turns of the event loop settle the streams and promises of libraries. */
const TURNS = 4;

/** `create(limit, give, fail)` makes `{ push(chunk), end() }`, whose methods may return promises. */
export async function speak(create) {
  let decoder;
  const answers = [];
  const give = (payload) => answers.push(`payload ${Buffer.from(payload).toString('hex')}\n`);
  const fail = (error) => answers.push(`error ${String(error?.message ?? error).replaceAll('\n', ' ')}\n`);
  process.on('unhandledRejection', fail);
  process.on('uncaughtException', fail);
  for await (const line of createInterface({ input: process.stdin })) {
    const [word, value] = line.split(' ');
    try {
      if (word === 'new') decoder = create(Number(value), give, fail);
      if (word === 'chunk') await decoder.push(Buffer.from(value, 'hex'));
      if (word === 'end') await decoder.end();
    } catch (error) {
      fail(error);
    }
    for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
    process.stdout.write(`${answers.splice(0).join('')}ok\n`);
  }
}

/** A decoder that is a stream of Node.js: bytes in, payloads out. */
export function ofStream(stream, give, fail) {
  stream.on('data', give).on('error', fail);
  return { push: (chunk) => void stream.write(chunk), end: () => void stream.end() };
}
