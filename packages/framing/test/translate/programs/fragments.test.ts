import { expect, test } from 'vitest';
import { codecOf } from '../../../src/index.ts';
import { interpreted } from '../interpreter.ts';
import { expectPrograms } from './expect-programs.ts';
import type { Layout } from '../../../src/index.ts';

test('programs that put fragments together find what their codecs find', () => {
  expectPrograms(({ kind }) => kind === 'fragments', 2);
});

/** Of 255 bytes. */
function header(flags: number): Uint8Array {
  return Uint8Array.from([flags, ...new Uint8Array(254)]);
}

test('headers of empty fragments have an end, in programs too', () => {
  const layout: Layout = {
    kind: 'fragments',
    header: [
      { name: 'flags', field: 'u8' },
      { name: 'label', opaque: 253 },
      { name: 'length', field: 'u8' },
    ],
    goOn: { bit: 1, at: 0, set: 'more' },
  };
  const wires = [
    { headers: [...Array.from({ length: 31 }, () => 1), 0], limit: 100, outcome: '- ok' },
    { headers: Array.from({ length: 33 }, () => 1), limit: 1000, outcome: 'FRAME_ERR_HEADER_TOO_LONG' },
    { headers: Array.from({ length: 33 }, () => 1), limit: 100, outcome: 'FRAME_ERR_TOO_LARGE' },
  ];
  for (const { headers, limit, outcome } of wires) {
    const chunks = headers.map(header);
    expect(interpreted(layout, chunks, limit)).toBe(outcome);
    const decoder = codecOf(layout, { maxPayloadBytes: limit }).createDecoder();
    const decode = (): unknown => chunks.flatMap((chunk) => (decoder.push(chunk), decoder.next() ?? []));
    if (outcome.endsWith('ok')) expect(decode()).toEqual([new Uint8Array(0)]);
    else expect(decode).toThrow(expect.objectContaining({ code: outcome }));
  }
});
