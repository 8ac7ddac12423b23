import { expect, test } from 'vitest';
import { readContentLength } from '../../src/codecs/header-lines.ts';
import { bytes } from '../support/bytes.ts';

test('reads the one Content-Length there is', () => {
  expect(readContentLength(bytes('Content-Length: 0\r\n\r\n'))).toBe(0);
  expect(readContentLength(bytes('A: b\r\nCONTENT-length:\t12\t\r\nC: d\r\n\r\n'))).toBe(12);
  expect(readContentLength(bytes(`Content-Length: ${2 ** 53}\r\n\r\n`))).toBe(2 ** 53);
});

test('says what is wrong in a few words, however long the header is', () => {
  expect(readContentLength(bytes('\r\n'))).toBe('header without Content-Length: ""');
  expect(readContentLength(bytes(`${'x'.repeat(100)}\r\n\r\n`))).toBe(`no header line: "${'x'.repeat(40)}…"`);
  expect(readContentLength(bytes('Content-Length: 粘\r\n\r\n'))).toContain('allowed: digits that do not start with a zero');
  expect(readContentLength(bytes(`Content-Length: ${' '.repeat(100_000)}x\r\n\r\n`))).toContain('Content-Length is "x"');
});
