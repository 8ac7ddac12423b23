import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyMasks, DEFAULT_MASKS, MASKS, parseMask } from '../../src/trial/masks.ts';
import { hex, utf8 } from '../exchanges.ts';

function masked(text: string, ...masks: readonly string[]): string {
  return new TextDecoder().decode(applyMasks(utf8(text), masks.map(parseMask)));
}

test.each([
  ['http-date', 'Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n', 'Date: <http-date>\r\n'],
  ['uuid', 'id=123E4567-e89b-12d3-a456-426614174000;', 'id=<uuid>;'],
  ['iso-time', 'at 2026-01-02T03:04:05.678Z and 2026-01-02 03:04:05+01:00', 'at <iso-time> and <iso-time>'],
  ['epoch', '{"s":1700000000,"ms":1700000000123,"n":17}', '{"s":<epoch>,"ms":<epoch>,"n":17}'],
  ['etag', 'ETag: W/"abc"\r\nx: 1', 'ETag: <etag>\r\nx: 1'],
  ['request-id', 'a: 1\r\nX-Request-Id: 7f\r\n', 'a: 1\r\nX-Request-Id: <request-id>\r\n'],
  ['set-cookie', 'Set-Cookie: sid=abc; Path=/\r\n', 'Set-Cookie: sid=<set-cookie>; Path=/\r\n'],
  ['session=\\w+', 'session=ab1; session=9', '<mask>; <mask>'],
])('%s masks what may differ, and nothing else', (mask, text, expected) => {
  expect(masked(text, mask)).toBe(expected);
});

test('each built-in mask has an example above', () => {
  expect(MASKS.map(({ name }) => name)).toEqual(['http-date', 'uuid', 'iso-time', 'epoch', 'etag', 'request-id', 'set-cookie']);
  expect(DEFAULT_MASKS.map(({ name }) => name)).toEqual(['http-date']);
});

test('answers of different length are equal once they are masked', () => {
  expect(masked('n=1 end', 'n=\\d+')).toBe(masked('n=12345 end', 'n=\\d+'));
});

test('bytes that no mask matches come back as they were', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(applyMasks(bytes, [parseMask('never\\x01\\x02matched')])).toBe(bytes);
    }),
  );
});

test('one character stands for one byte, whatever the byte', () => {
  const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const around = applyMasks(every, [parseMask('\\x80\\x81')]);
  expect(around).toEqual(Uint8Array.from([...every.subarray(0, 0x80), ...utf8('<mask>'), ...every.subarray(0x82)]));
  expect(applyMasks(hex('ff41ff'), [parseMask('A')])).toEqual(Uint8Array.from([0xff, ...utf8('<mask>'), 0xff]));
});

test.each([
  ['(', 'is neither one of http-date, uuid'],
  ['a*', 'matches empty text'],
  ['', 'matches empty text'],
  ['a'.repeat(1001), 'a mask of 1001 characters, limit 1000'],
])('the mask %j is refused', (text, message) => {
  expect(() => parseMask(text)).toThrow(
    expect.objectContaining({ code: 'PROBE_ERR_MASK', message: expect.stringContaining(message) as string }),
  );
});
