// Decoders as in tutorials, and Node.js' own: `node hand.mjs <which>`.
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { speak } from './speak.mjs';

const NOTHING = () => undefined;

const DECODERS = {
  // "The data event is the message."
  'data-is-message': (_limit, give) => ({ push: (chunk) => give(chunk.subarray(4)), end: NOTHING }),
  // "Read the length, then cut the message out of the chunk."
  'length-in-chunk': (_limit, give) => ({
    push(chunk) {
      for (let at = 0; at < chunk.length;) {
        const length = chunk.readUInt32BE(at);
        give(chunk.subarray(at + 4, at + 4 + length));
        at += 4 + length;
      }
    },
    end: NOTHING,
  }),
  // "Collect until there is enough", and then start over.
  'collect-then-reset': (_limit, give) => {
    let waiting = Buffer.alloc(0);
    const push = (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
      if (waiting.length < 4 || waiting.length < 4 + waiting.readUInt32BE(0)) return;
      give(waiting.subarray(4, 4 + waiting.readUInt32BE(0)));
      waiting = Buffer.alloc(0);
    };
    return { push, end: NOTHING };
  },
  'split-each-chunk': (_limit, give) => ({ push: (chunk) => chunk.toString().trim().split('\n').forEach(give), end: NOTHING }),
  readline: (_limit, give, fail) => {
    const input = new PassThrough();
    createInterface({ input }).on('line', give).on('error', fail);
    return { push: (chunk) => void input.write(chunk), end: () => void input.end() };
  },
};

await speak(DECODERS[process.argv[2]]);
