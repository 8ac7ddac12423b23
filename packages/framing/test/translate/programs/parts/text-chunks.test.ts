import { expect, test } from 'vitest';
import { drip } from '../../../../src/testing.ts';
import { interpreted } from '../../interpreter.ts';
import type { Layout } from '../../../../src/index.ts';

const layout: Layout = { kind: 'text', head: 'line', rules: [{ body: 'chunked' }] };

test.each([
  ['a\n1\r\nx\r\n0\r\n\r\n', 'ok'],
  ['a\n0a ; x=y\r\n0123456789\r\n000\r\nt: 1\r\n\r\n', 'ok'],
  ['a\n1\nx\r\n', 'FRAME_ERR_MALFORMED_LENGTH'],
  ['a\n1 1\r\n', 'FRAME_ERR_MALFORMED_LENGTH'],
  ['a\n00000000000001\r\n', 'FRAME_ERR_MALFORMED_LENGTH'],
  ['a\n1\r\nxx\r\n', 'FRAME_ERR_BAD_TRAILER'],
  ['a\n7f\r\n', 'FRAME_ERR_TOO_LARGE'],
])('%j is found or refused, however it was cut', (wire, outcome) => {
  const bytes = Buffer.from(wire);
  const expected = outcome === 'ok' ? `${bytes.toString('hex')} ok` : outcome;
  for (const chunks of [[bytes], drip(bytes)]) expect(interpreted(layout, chunks, 100)).toBe(expected);
});
