import { expect, test } from 'vitest';
import { drip } from '../../../../src/testing.ts';
import { inPhase } from '../../../../src/translate/programs/parts/text-lines.ts';
import { interpreted } from '../../interpreter.ts';
import type { Layout } from '../../../../src/index.ts';

test.each<[string, 'line' | 'block', string, string]>([
  ['a head of as many bytes as it may have', 'line', '1234567\n', '313233343536370a ok'],
  ['a head of one more', 'line', '12345678\n', 'FRAME_ERR_HEADER_TOO_LONG'],
  ['a block of as many bytes as it may have', 'block', '1\n2:45\n\n', 'FRAME_ERR_HEADER_TOO_LONG'],
  ['a block of one less', 'block', '1\n2:4\n\n', '310a323a340a0a ok'],
])('%s: found or refused, however it was cut', (_what, head, wire, expected) => {
  const bytes = Buffer.from(wire);
  const layout: Layout = { kind: 'text', head, maxHeaderBytes: head === 'line' ? 8 : 7 };
  for (const chunks of [[bytes], drip(bytes)]) expect(interpreted(layout, chunks, 100)).toBe(expected);
});

test('a phase without lines is left out', () => {
  expect(inPhase(7, [])).toEqual([]);
});
