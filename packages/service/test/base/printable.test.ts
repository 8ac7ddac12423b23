import { printable } from '@socklab/service';
import { expect, test } from 'vitest';

const utf8 = (text: string) => new TextEncoder().encode(text);
const raw = (...bytes: number[]) => Uint8Array.from(bytes);

test.each([
  ['hello', 'hello'],
  ['你好 👨‍👩‍👧', '你好 👨‍👩‍👧'],
  ['back\\slash', 'back\\slash'],
  ['', ''],
])('leaves text as it is: %j', (text, shown) => {
  expect(printable(utf8(text))).toBe(shown);
});

test.each([
  ['\n\r\t', String.raw`\n\r\t`],
  ['\0\u001b[2J\u007f', String.raw`\x00\x1b[2J\x7f`],
  ['\u0085\u009b31m', String.raw`\u{0085}\u{009b}31m`],
  ['abc\u202edcba\u2066x\u2069\u200f', String.raw`abc\u{202e}dcba\u{2066}x\u{2069}\u{200f}`],
  ['\u2028\u2029', String.raw`\u{2028}\u{2029}`],
  ['\ufeffhi', String.raw`\u{feff}hi`],
])('escapes what a terminal acts on: %j', (text, shown) => {
  expect(printable(utf8(text))).toBe(shown);
});

test.each<[string, Uint8Array, string]>([
  ['a lone continuation byte', raw(0x61, 0x80, 0x62), String.raw`a\x80b`],
  ['a lone lead byte at the end', raw(0x61, 0xe4), String.raw`a\xe4`],
  ['a character cut short', raw(0xe4, 0xbd, 0x61), String.raw`\xe4\xbda`],
  ['an overlong slash', raw(0xc0, 0xaf), String.raw`\xc0\xaf`],
  ['an encoded surrogate', raw(0xed, 0xa0, 0x80), String.raw`\xed\xa0\x80`],
  ['beyond U+10FFFF', raw(0xf4, 0x90, 0x80, 0x80), String.raw`\xf4\x90\x80\x80`],
  ['bytes that never occur', raw(0xfe, 0xff), String.raw`\xfe\xff`],
  ['controls beside invalid bytes', raw(0xff, 0x0a, 0xe4, 0xbd, 0xa0), String.raw`\xff\n你`],
])('shows bytes that are no UTF-8 in hex: %s', (_name, bytes, shown) => {
  expect(printable(bytes)).toBe(shown);
});

test('keeps a replacement character that was really sent', () => {
  expect(printable(utf8('\ufffd'))).toBe('\ufffd');
});

test('shows every single byte, and every pair, without a control character in the result', () => {
  for (let first = 0; first < 256; first += 1) {
    for (let second = 0; second < 256; second += 1) {
      expect.soft(/\p{Cc}/u.test(printable(raw(first, second)))).toBe(false);
    }
  }
});

test('counts what a limit leaves out, and cuts no character in half', () => {
  expect(printable(utf8('hello'), 5)).toBe('hello');
  expect(printable(utf8('hello'), 3)).toBe('hel… (+2 bytes)');
  expect(printable(utf8('a你好'), 4)).toBe('a你… (+3 bytes)');
  expect(printable(utf8('a你好'), 6)).toBe('a你… (+3 bytes)');
  expect(printable(utf8('你'), 1)).toBe('… (+3 bytes)');
  expect(printable(raw(0x80, 0x80, 0x80, 0x80), 2)).toBe(String.raw`\x80\x80… (+2 bytes)`);
  expect(printable(utf8('hello'), 0)).toBe('… (+5 bytes)');
});
