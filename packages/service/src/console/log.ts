import { Writable } from 'node:stream';

/** A log above the prompt. `isTTY` makes a logger write for people, as it would to the terminal itself. */
export function logDestination(write: (text: string) => void, isTTY: boolean): Writable {
  const destination = new Writable({
    decodeStrings: false,
    write(text: string | Uint8Array, _encoding, done) {
      write(typeof text === 'string' ? text : Buffer.from(text).toString());
      done();
    },
  });
  return Object.assign(destination, { isTTY });
}
