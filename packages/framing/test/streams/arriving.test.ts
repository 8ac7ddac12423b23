import { expect, test } from 'vitest';
import { decode, decodeBatches, lengthPrefixed, line, payloadParts, u16be } from '../../src/index.ts';
import { bytes, text } from '../support/bytes.ts';
import type { Chunks } from '../../src/streams/batcher.ts';

/** A source that tells when it is opened, asked and closed. */
function source(...steps: readonly (Chunks | Error)[]): { chunks: AsyncIterable<Chunks>; calls: string[] } {
  const calls: string[] = [];
  const left = [...steps];
  const iterator: AsyncIterator<Chunks> = {
    next: () => {
      calls.push('next');
      const step = left.shift();
      if (step instanceof Error) return Promise.reject(step);
      return Promise.resolve(step === undefined ? { value: undefined, done: true } : { value: step, done: false });
    },
    return: () => {
      calls.push('return');
      return Promise.resolve({ value: undefined, done: true });
    },
  };
  return {
    calls,
    chunks: {
      [Symbol.asyncIterator]: () => {
        calls.push('open');
        return iterator;
      },
    },
  };
}

/** The first `most` payloads, or batches, as text, and how it failed. */
async function read(
  chunks: AsyncIterable<Chunks>,
  most = Number.POSITIVE_INFINITY,
  decoded: AsyncIterable<Uint8Array | readonly Uint8Array[]> = decode(line(), chunks),
): Promise<readonly string[]> {
  const seen: string[] = [];
  try {
    for await (const payload of decoded) {
      seen.push(payload instanceof Uint8Array ? text(payload) : payload.map((each) => text(each)).join());
      if (seen.length === most) break;
    }
  } catch (error) {
    seen.push((error as Error).name === 'FrameError' ? (error as Error & { code: string }).code : (error as Error).message);
  }
  return seen;
}

function readBatches(chunks: AsyncIterable<Chunks>, most?: number): Promise<readonly string[]> {
  return read(chunks, most, decodeBatches(line(), chunks));
}

test('a source is opened when the first payload is asked for, and not closed when it ends', async () => {
  const { chunks, calls } = source(bytes('one\ntw'), [bytes('o\n'), bytes('three\n')]);
  const payloads = decode(line(), chunks);
  expect(calls).toEqual([]);
  expect(text((await payloads.next()).value!)).toBe('one');
  expect(calls).toEqual(['open', 'next']);
});

test('a loop to the end asks once more than there are steps', async () => {
  const { chunks, calls } = source(bytes('one\ntw'), [bytes('o\n'), bytes('three\n')]);
  expect(await read(chunks)).toEqual(['one', 'two', 'three']);
  expect(calls).toEqual(['open', 'next', 'next', 'next']);
});

test('a loop that is left early closes the source once, and one that never began does not open it', async () => {
  const { chunks, calls } = source(bytes('one\ntwo\n'), bytes('three\n'));
  expect(await read(chunks, 1)).toEqual(['one']);
  expect(calls).toEqual(['open', 'next', 'return']);
  const idle = source(bytes('one\n'));
  const payloads = decode(line(), idle.chunks);
  await payloads.return!();
  expect([await payloads.next(), idle.calls]).toEqual([{ value: undefined, done: true }, []]);
});

test('a fault closes the source, an error of the source itself does not', async () => {
  const faulty = source(bytes('one\n'), 'text' as unknown as Chunks, bytes('two\n'));
  expect(await read(faulty.chunks)).toEqual(['one', 'a chunk must be a Uint8Array, received the string "text"']);
  expect(faulty.calls).toEqual(['open', 'next', 'next', 'return']);
  const broken = source(bytes('one\n'), new Error('reset'));
  expect(await read(broken.chunks)).toEqual(['one', 'reset']);
  expect(broken.calls).toEqual(['open', 'next', 'next']);
  const truncated = source(bytes('one\ntw'));
  expect(await read(truncated.chunks)).toEqual(['one', 'FRAME_ERR_TRUNCATED']);
  expect(truncated.calls).toEqual(['open', 'next', 'next']);
});

test('a loop over batches opens, asks and closes a source likewise', async () => {
  const whole = source(bytes('one\ntwo\nth'), bytes('re'), [bytes('e\nfo'), bytes('ur\n')]);
  expect(await readBatches(whole.chunks)).toEqual(['one,two', 'three,four']);
  expect(whole.calls).toEqual(['open', 'next', 'next', 'next', 'next']);
  const left = source(bytes('one\n'), bytes('two\n'));
  expect(await readBatches(left.chunks, 1)).toEqual(['one']);
  expect(left.calls).toEqual(['open', 'next', 'return']);
  const faulty = source(bytes('one\n'), 'text' as unknown as Chunks);
  expect(await readBatches(faulty.chunks)).toEqual(['one', 'a chunk must be a Uint8Array, received the string "text"']);
  expect(faulty.calls).toEqual(['open', 'next', 'next', 'return']);
  const broken = source(bytes('one\n'), new Error('reset'));
  expect(await readBatches(broken.chunks)).toEqual(['one', 'reset']);
  expect(broken.calls).toEqual(['open', 'next', 'next']);
  const truncated = source(bytes('one\ntw'));
  expect(await readBatches(truncated.chunks)).toEqual(['one', 'FRAME_ERR_TRUNCATED']);
  expect(truncated.calls).toEqual(['open', 'next', 'next']);
});

test('a source that throws when it is asked, or fails inside the parts of a message, is not closed', async () => {
  const throwing = source();
  const chunks: AsyncIterable<Chunks> = {
    [Symbol.asyncIterator]: () => ({
      ...throwing.chunks[Symbol.asyncIterator](),
      next: () => {
        throw new Error('not today');
      },
    }),
  };
  expect(await read(chunks)).toEqual(['not today']);
  expect(throwing.calls).toEqual(['open']);
  const broken = source(bytes('\0\x05he'), new Error('reset'));
  const messages = payloadParts(lengthPrefixed({ length: u16be }), broken.chunks);
  expect(await read(broken.chunks, 2, (await messages.next()).value)).toEqual(['he', 'reset']);
  expect(broken.calls).toEqual(['open', 'next', 'next']);
});
