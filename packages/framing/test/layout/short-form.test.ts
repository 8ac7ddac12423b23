import { expect, test } from 'vitest';
import { codecByName, framingOf } from '../../src/index.ts';
import { readShortForm, SHORT_FORMS } from '../../src/layout/short-form.ts';
import { checkCodec, decodeAll } from '../../src/testing.ts';
import { bytes, fromHex, pattern, text, toHex } from '../support/bytes.ts';

test.each([
  ['line:crlf', 'hi', '68 69 0d 0a'],
  ['line:lf', 'hi', '68 69 0a'],
  [String.raw`delimited:\0`, 'hi', '68 69 00'],
  [String.raw`delimited:\r\n`, 'hi', '68 69 0d 0a'],
  [String.raw`delimited:\xff\\;`, 'hi', '68 69 ff 5c 3b'],
  ['delimited:终', 'hi', '68 69 e7 bb 88'],
  ['fixed:2', 'hi', '68 69'],
  ['octet-counted:lf', 'hi', '32 20 68 69'],
])('%s writes %j as %s', (form, payload, hex) => {
  const codec = codecByName(form);
  expect(codec.name).toBe(form);
  expect(toHex(codec.encode(bytes(payload)))).toBe(hex);
  checkCodec(codec, [bytes(payload), bytes(payload)]);
  expect(framingOf(form)).toMatchObject({ name: form, text: form });
});

test('netty takes five numbers and a byte order', () => {
  expect(readShortForm('netty:1024,0,2,0,2,little')).toEqual({
    kind: 'netty',
    maxFrameLength: 1024,
    lengthFieldOffset: 0,
    lengthFieldLength: 2,
    lengthAdjustment: 0,
    initialBytesToStrip: 2,
    byteOrder: 'little',
  });
  expect(decodeAll(codecByName('netty:1024,0,2,0,2'), [fromHex('00 02 68 69')]).map(text)).toEqual(['hi']);
  checkCodec(codecByName('netty:1024,0,2,0,2'), [pattern(0), pattern(9)]);
});

test.each([
  ['netty:1024', 'netty:1024 has 1 numbers; allowed: 3 to 5, then big or little'],
  ['netty:1,2,x', '"x" in netty:1,2,x is not a whole number'],
  ['fixed:', '"" in fixed: is not a whole number'],
  ['fixed:0', 'byteLength is 0; allowed: whole numbers'],
  ['line:cr', 'line:cr.ending is "cr", allowed: lf, lf-or-crlf, crlf'],
  [String.raw`delimited:\q`, String.raw`\q in delimited:\q is not an escape`],
  ['delimited:', 'delimited:.delimiters[0].bytes is "", allowed: 1 to 64 bytes in hex'],
  ['u32be:5', 'unknown framing "u32be:5"'],
  ['{"kind"', 'the layout is not JSON: '],
])('%s: %s', (form, message) => {
  expect(() => framingOf(form)).toThrow(RangeError);
  expect(() => framingOf(form)).toThrow(message);
});

test('the forms that errors show are forms', () => {
  for (const form of SHORT_FORMS) expect(framingOf(form).name).toBe(form);
});
