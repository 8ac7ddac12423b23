import { expect, test } from 'vitest';
import { ByteQueue } from '../../src/connection/byte-queue.ts';
import { patternOf } from './links.ts';

const BLOCK_BYTES = 65_536;

function drained(queue: ByteQueue): Buffer[] {
  const blocks: Buffer[] = [];
  for (let block = queue.shift(); block !== undefined; block = queue.shift()) blocks.push(block);
  return blocks;
}

test.each([
  [1],
  [2],
  [511],
  [512],
  [513],
  [4096],
  [BLOCK_BYTES - 1],
  [BLOCK_BYTES],
  [BLOCK_BYTES + 1],
  [3 * BLOCK_BYTES + 5],
  [7, 70_000, 1],
])('gives back what was appended in pieces of %i, in blocks of at most 64 KiB', (...lengths) => {
  const queue = new ByteQueue();
  const reused = Buffer.alloc(4 * BLOCK_BYTES);
  const expected: Buffer[] = [];
  for (let nth = 0, total = 0; total < 300_000; nth++) {
    const piece = patternOf(nth, lengths[nth % lengths.length]!);
    piece.copy(reused);
    queue.append(reused, piece.length);
    reused.fill(0xee, 0, piece.length);
    expected.push(piece);
    total += piece.length;
  }
  const whole = Buffer.concat(expected);
  expect(queue.length).toBe(whole.length);
  expect(queue.memoryBytes).toBeLessThan(whole.length + BLOCK_BYTES);
  const blocks = drained(queue);
  expect(Buffer.concat(blocks).equals(whole)).toBe(true);
  expect(Math.max(...blocks.map(({ length }) => length))).toBe(BLOCK_BYTES);
  expect([queue.length, queue.memoryBytes, queue.shift()]).toEqual([0, 0, undefined]);
});

test('a few bytes take a few bytes of memory, at most twice as many from 512 on', () => {
  const queue = new ByteQueue();
  queue.append(Buffer.from('x'), 1);
  expect(queue.memoryBytes).toBe(512);
  for (let length = 2; length <= BLOCK_BYTES; length++) {
    queue.append(Buffer.from('x'), 1);
    if (queue.memoryBytes > Math.max(512, length * 2)) expect([length, queue.memoryBytes]).toEqual([]);
  }
});

test('can be filled and emptied in turns', () => {
  const queue = new ByteQueue();
  const seen: Buffer[] = [];
  const expected: Buffer[] = [];
  for (let round = 0; round < 200; round++) {
    const piece = patternOf(round, 1 + ((round * 7919) % 90_000));
    queue.append(piece, piece.length);
    expected.push(piece);
    const block = queue.shift();
    if (block !== undefined) seen.push(block);
  }
  expect(Buffer.concat([...seen, ...drained(queue)]).equals(Buffer.concat(expected))).toBe(true);
});
