import { expect, test } from 'vitest';
import { choice, codecOf, delimited, custom, fragments, layoutOf, line, sum, stuffed, u8, xor } from '../../src/index.ts';
import { FILES } from './files.ts';
import type { Layout } from '../../src/index.ts';

const MEASURED = ['choice', 'fragments', 'stuffed', 'text', 'resp', 'delimited'];

test.each([...FILES].filter(([, { kind }]) => MEASURED.includes(kind)))('%s prints a layout that makes it again', (_, layout) => {
  const codec = codecOf(layout);
  const printed = layoutOf(codec);
  expect(layoutOf(codecOf(JSON.parse(JSON.stringify(printed)) as Layout))).toEqual(printed);
  expect(printed.kind).toBe(layout.kind);
});

test('what is made of functions of the program is no data', () => {
  const own = { ...sum() };
  const parts = [
    choice({ of: [{ startsWith: Uint8Array.of(1), codec: custom({ name: 'own', measure: () => 1 }) }, { codec: line() }] }),
    fragments({ frame: { header: { length: { ...u8, name: 'own' } } }, goOn: { length: 1 } }),
    stuffed({ flag: 1, escape: 2, replace: 0x20, checksum: own }),
    delimited({ start: 'a', delimiters: 'b', checksum: { checksum: own, covers: 'frame' } }),
  ];
  for (const codec of parts) expect(() => layoutOf(codec)).toThrow('has functions of the program');
  expect(layoutOf(stuffed({ flag: 1, escape: 2, replace: 0x20, checksum: xor() }))).toMatchObject({ checksum: { checksum: 'xor' } });
});
