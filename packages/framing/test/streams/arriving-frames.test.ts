import { expect, test } from 'vitest';
import { encode, encodeBatches, line } from '../../src/index.ts';
import { bytes, text } from '../support/bytes.ts';
import type { Bytes } from '../../src/index.ts';

/** Items that arrive one by one, and what was asked of their source. */
function source<Item>(...items: readonly Item[]): { arriving: AsyncIterable<Item>; calls: string[] } {
  const calls: string[] = [];
  const left = items.values();
  const iterator: AsyncIterator<Item> = {
    next: () => {
      calls.push('next');
      return Promise.resolve(left.next());
    },
    return: () => {
      calls.push('return');
      return Promise.resolve({ value: undefined, done: true });
    },
  };
  return { arriving: { [Symbol.asyncIterator]: () => iterator }, calls };
}

async function read(frames: AsyncIterable<Bytes>, most = Number.POSITIVE_INFINITY): Promise<readonly string[]> {
  const seen: string[] = [];
  try {
    for await (const frame of frames) if (seen.push(text(frame)) === most) break;
  } catch (error) {
    seen.push((error as { code?: string }).code ?? (error as Error).message);
  }
  return seen;
}

const codec = line({ maxPayloadBytes: 3 });

test('each payload becomes a frame when it is asked for; leaving the loop closes the source', async () => {
  const whole = source(bytes('one'), bytes('two'));
  expect(await read(encode(codec, whole.arriving))).toEqual(['one\n', 'two\n']);
  expect(whole.calls).toEqual(['next', 'next', 'next']);
  const left = source(bytes('one'), bytes('two'));
  expect(await read(encode(codec, left.arriving), 1)).toEqual(['one\n']);
  expect(left.calls).toEqual(['next', 'return']);
});

test('each array becomes one buffer, an empty one none', async () => {
  const batches = source([bytes('one'), bytes('two')], [], [bytes('')]);
  expect(await read(encodeBatches(codec, batches.arriving))).toEqual(['one\ntwo\n', '\n']);
  expect(batches.calls).toEqual(['next', 'next', 'next', 'next']);
});

test('a refused payload ends it after the frames before it, nothing of its array is returned, and the source is closed', async () => {
  const each = source(bytes('one'), bytes('three'), bytes('two'));
  expect(await read(encode(codec, each.arriving))).toEqual(['one\n', 'FRAME_ERR_TOO_LARGE']);
  expect(each.calls).toEqual(['next', 'next', 'return']);
  const batches = source([bytes('one')], [bytes('two'), bytes('three')], [bytes('six')]);
  const frames = encodeBatches(codec, batches.arriving);
  expect([await read(frames), (await frames.next()).done]).toEqual([['one\n', 'FRAME_ERR_TOO_LARGE'], true]);
  expect(batches.calls).toEqual(['next', 'next', 'return']);
  const noArray = source(bytes('one') as unknown as readonly Bytes[]);
  expect(await read(encodeBatches(codec, noArray.arriving))).toEqual(['a batch must be an array of payloads, received a Uint8Array']);
});
