import { expect, test } from 'vitest';
import { LengthPrefixedDecoder } from '../../../src/codecs/length-prefixed/decoder.ts';
import { u24be, u8 } from '../../../src/index.ts';
import { drip } from '../../../src/testing.ts';
import { bytes, drain, fromHex, text, toHex } from '../../support/bytes.ts';

test('says what is missing of a prefix, then of a payload, whether it was asked for frames or not', () => {
  const decoder = new LengthPrefixedDecoder(u24be, 100);
  const seen: (readonly number[])[] = [];
  for (const chunk of drip(fromHex('00 00 02 68'))) {
    decoder.push(chunk);
    expect(decoder.next()).toBeUndefined();
    seen.push([decoder.neededBytes, decoder.bufferedBytes]);
  }
  expect(seen).toEqual([
    [2, 1],
    [1, 2],
    [2, 3],
    [1, 4],
  ]);
});

test('a prefix that was cut is whole in detach() and in errors', () => {
  for (let cut = 0; cut <= 3; cut++) {
    const wire = fromHex('00 00 07 68');
    const decoder = new LengthPrefixedDecoder(u24be, 6);
    decoder.push(wire.subarray(0, cut));
    if (cut < 3) expect(decoder.next()).toBeUndefined();
    decoder.push(wire.subarray(cut));
    expect(() => decoder.next()).toThrow(expect.objectContaining({ code: 'FRAME_ERR_TOO_LARGE', offset: 0, hex: '00 00 07 68' }));
    const other = new LengthPrefixedDecoder(u24be, 7);
    other.push(wire.subarray(0, cut));
    other.next();
    expect(toHex(other.detach())).toBe(toHex(wire.subarray(0, cut)));
  }
});

test('a chunk after a frame that was collected is read from its start', () => {
  const decoder = new LengthPrefixedDecoder(u8, 100);
  for (const chunk of ['\u0003a', 'bc\u0002de', '\u0001f\u0000']) decoder.push(bytes(chunk));
  expect(drain(decoder).map(text)).toEqual(['abc', 'de', 'f', '']);
  for (const chunk of ['\u0003a', 'bc\u0002de\u0001', 'f\u0000']) {
    decoder.push(bytes(chunk));
    const seen: string[] = [];
    while (decoder.advance()) seen.push(text(decoder.payloadMemory.slice(decoder.payloadStart, decoder.payloadEnd)));
    expect(seen).toEqual(chunk.includes('d') ? ['abc', 'de'] : chunk.includes('f') ? ['f', ''] : []);
  }
});
