import { expect, test } from 'vitest';
import { FRAMINGS, framingOf, partsOf } from '../../src/index.ts';
import { fromHex, pattern } from '../support/bytes.ts';
import { DLT645 } from './files.ts';
import type { FramedLayout } from '../../src/index.ts';

test('a frame is explained by the layout that reads it', () => {
  expect(partsOf(DLT645)(fromHex(DLT645.examples![0]!))).toEqual([
    { kind: 'constant', name: 'start', start: 0, end: 1 },
    { kind: 'opaque', name: 'address', start: 1, end: 7 },
    { kind: 'constant', name: 'start2', start: 7, end: 8 },
    { kind: 'field', name: 'control', start: 8, end: 9, value: 0x11 },
    { kind: 'length', name: 'length', start: 9, end: 10, value: 4 },
    { kind: 'payload', name: 'payload', start: 10, end: 14 },
    { kind: 'checksum', name: 'sum', start: 14, end: 15, value: 0x56 },
    { kind: 'trailer', name: 'trailer', start: 15, end: 16 },
  ]);
});

test('the masking key of a WebSocket frame is a part of its own', () => {
  const { layout } = framingOf('websocket');
  expect(partsOf(layout as FramedLayout)(fromHex('81 85 37fa213d 7f9f4d5158')).slice(1)).toEqual([
    { kind: 'length', name: 'length', start: 1, end: 2, value: 5 },
    { kind: 'opaque', name: 'masking key', start: 2, end: 6 },
    { kind: 'payload', name: 'payload', start: 6, end: 11 },
  ]);
});

const framed = [...FRAMINGS.map(({ layout }) => layout), DLT645].filter((layout) => layout.kind === 'frame');

test.each(framed)('$name: parts stand side by side, in a frame that is whole and in each of its beginnings', (layout) => {
  const { exampleFrames, create } = framingOf(layout);
  for (const frame of exampleFrames ?? [0, 1, 200].map((byteLength) => create().encode(pattern(byteLength)))) {
    for (let bytes = 0; bytes <= frame.length; bytes++) {
      const parts = partsOf(layout)(frame.subarray(0, bytes));
      expect(parts.map(({ start }) => start)).toEqual([0, ...parts.map(({ end }) => end)].slice(0, parts.length));
      expect(parts.at(-1)?.end ?? 0).toBe(bytes);
    }
  }
});
