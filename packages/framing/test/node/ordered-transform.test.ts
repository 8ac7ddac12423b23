import { once } from 'node:events';
import { expect, test } from 'vitest';
import { OrderedTransform } from '../../src/node/ordered-transform.ts';
import { turns } from '../streams/turns.ts';
import type { TransformCallback } from 'node:stream';

/** Pushes each character, waits for the reader between them, and fails at `!`. */
class Characters extends OrderedTransform {
  constructor(readableHighWaterMark: number) {
    super({ readableObjectMode: true, readableHighWaterMark });
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#pushFrom(chunk.toString(), 0, callback);
  }

  #pushFrom(characters: string, from: number, callback: TransformCallback): void {
    for (let at = from; at < characters.length; at++) {
      if (characters[at] === '!') {
        this.failInOrder(new Error('seen !'), callback);
        return;
      }
      if (this.push(characters[at])) continue;
      this.whenWanted(() => this.#pushFrom(characters, at + 1, callback));
      return;
    }
    callback();
  }
}

test.each([1, 2, 16])('whatever way it is read, the error comes last (high-water mark %i)', async (highWaterMark) => {
  const ways: readonly ((stream: Characters, take: (item: unknown) => void) => Promise<unknown>)[] = [
    async (stream, take) => {
      for await (const item of stream) take(item);
    },
    (stream, take) => once(stream.on('data', take), 'end'),
    (stream, take) => {
      stream.on('readable', () => {
        for (let item: unknown = stream.read(); item !== null; item = stream.read()) take(item);
      });
      return once(stream, 'end');
    },
  ];
  for (const read of ways) {
    for (const parts of [['abcdef!g'], ['abc', 'def', '!', 'g'], ['ab', 'cdef!']]) {
      const stream = new Characters(highWaterMark);
      for (const part of parts) stream.write(part);
      const seen: unknown[] = [];
      await expect(read(stream, (item) => seen.push(item))).rejects.toThrow('seen !');
      expect(seen.join('')).toBe('abcdef');
    }
  }
});

test('many writes behind a reader that stops and goes on arrive', async () => {
  const stream = new Characters(3);
  for (let index = 0; index < 100; index++) stream.write('abcd');
  stream.end();
  await turns(1);
  expect(stream.readableLength).toBe(3);
  expect((await stream.toArray()).join('')).toBe('abcd'.repeat(100));
});
