import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8 } from '../../src/index.ts';
import { bytes, frameErrorOf, fromHex, toHex } from '../support/bytes.ts';

test('reads and writes text, a byte order mark included', () => {
  for (const text of ['', 'plain', '粘包', '🧵', '\u0000', '\u{feff}marked', 'é', '\u{10ffff}']) {
    expect(toHex(bytes(text))).toBe(toHex(new Uint8Array(utf8().encode(text))));
    expect(utf8().decode(bytes(text))).toBe(text);
  }
});

test.each([
  ['a byte that never occurs', 'ff'],
  ['a cut character', 'e7 b2'],
  ['a continuation alone', '80'],
  ['an overlong slash', 'c0 af'],
  ['half a surrogate pair', 'ed a0 80'],
  ['beyond U+10FFFF', 'f4 90 80 80'],
])('%s is FRAME_ERR_PAYLOAD', (_, hex) => {
  const error = frameErrorOf(() => utf8().decode(fromHex(`61 ${hex}`)));
  expect(error).toMatchObject({ code: 'FRAME_ERR_PAYLOAD', cause: expect.any(TypeError) as unknown });
});

test('forgets a cut character: the next payload starts anew', () => {
  const codec = utf8();
  expect(() => codec.decode(fromHex('e7 b2'))).toThrow();
  expect(codec.decode(fromHex('61'))).toBe('a');
});

test('half a surrogate pair cannot be written', () => {
  for (const text of ['a\ud83d', '\udc00', '\udc00\ud83d']) {
    expect(frameErrorOf(() => utf8().encode(text)).message).toContain(
      `half a surrogate pair at character ${text.length === 2 && text[0] === 'a' ? 1 : 0}`,
    );
  }
});

test('whatever is written is read back', () => {
  const codec = utf8();
  const property = fc.property(fc.string({ unit: 'binary' }), (text) => {
    expect(codec.decode(new Uint8Array(codec.encode(text)))).toBe(text);
  });
  fc.assert(property);
});
