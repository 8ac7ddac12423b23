import { expect, test } from 'vitest';
import { BLOCK_BYTES, giveBack, takeBlock } from '../../src/connection/blocks.ts';

test('a block that was given back, by any part of it, is the next that is taken', () => {
  const block = takeBlock();
  expect(block.length).toBe(BLOCK_BYTES);
  giveBack(block.subarray(7, 9));
  expect(takeBlock().buffer).toBe(block.buffer);
});

test('no two have one block, however often it is given back', () => {
  const block = takeBlock();
  for (let times = 0; times < 3; times++) giveBack(block);
  const taken = [takeBlock(), takeBlock(), takeBlock()];
  expect(new Set(taken.map(({ buffer }) => buffer)).size).toBe(3);
});

test('memory that is no block is nobody else’s', () => {
  const foreign = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  giveBack(foreign);
  expect(takeBlock().buffer).not.toBe(foreign.buffer);
});

test('no more than 4 MiB are kept', () => {
  const blocks = Array.from({ length: 200 }, takeBlock);
  const known = new Set(blocks.map(({ buffer }) => buffer));
  for (const block of blocks) giveBack(block);
  const again = Array.from({ length: 200 }, takeBlock).filter(({ buffer }) => known.has(buffer));
  expect(again).toHaveLength(64);
});
