import { expect, test } from 'vitest';
import { decode, line } from '../../src/index.ts';
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

async function read(chunks: AsyncIterable<Chunks>, most = Number.POSITIVE_INFINITY): Promise<readonly string[]> {
  const seen: string[] = [];
  try {
    for await (const payload of decode(line(), chunks)) {
      seen.push(text(payload));
      if (seen.length === most) break;
    }
  } catch (error) {
    seen.push((error as Error).name === 'FrameError' ? (error as Error & { code: string }).code : (error as Error).message);
  }
  return seen;
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
