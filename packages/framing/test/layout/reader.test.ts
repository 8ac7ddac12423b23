import { expect, test } from 'vitest';
import { codecOf } from '../../src/index.ts';
import { BROKEN } from './broken-layouts.ts';
import type { Layout } from '../../src/index.ts';

test.each(BROKEN)('%j: %s', (layout, message) => {
  expect(() => codecOf(layout as Layout)).toThrow(RangeError);
  expect(() => codecOf(layout as Layout)).toThrow(message);
});

test('what JSON allows and the schema cannot say is refused too', () => {
  const length = { name: 'length', field: 'u8' };
  expect(() => codecOf({ kind: 'frame', header: [length, length] } as Layout)).toThrow('layout.header has two parts called "length"');
  const covers = { from: 'type' };
  expect(() => codecOf({ kind: 'frame', header: [length], trailer: [{ checksum: 'sum', covers }] } as Layout)).toThrow(
    'sum covers "type", allowed are the parts of the header: length',
  );
});
