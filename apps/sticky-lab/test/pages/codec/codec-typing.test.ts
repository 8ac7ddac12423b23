import { execFileSync } from 'node:child_process';
import { parseRequest } from '@socklab/probe';
import { assert, property, string, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readText, showText } from '../../../src/pages/codec/escaped-text.ts';
import { readHex, showHex } from '../../../src/pages/codec/hex.ts';
import { MAX_BENCH_BYTES, MAX_TYPED_CHARACTERS } from '../../../src/pages/codec/reading.ts';
import type { Reading } from '../../../src/pages/codec/reading.ts';

function hexOf(reading: Reading): string {
  return 'refusal' in reading ? `refused: ${reading.refusal.en}` : showHex(reading.bytes);
}

describe('hex', () => {
  test.each([
    ['pairs', '68 69', '68 69'],
    ['no spaces', '6869', '68 69'],
    ['groups and line breaks', '6869\n6A6b\r\n6c', '68 69 6a 6b 6c'],
    ['0x', '0x68, 0x69', '68 69'],
    ['0x before all', '0x6869', '68 69'],
    ['a C array', '{0x0, 0x68,\n 0xFF}', '00 68 ff'],
    ['\\x escapes', String.raw`\x68\x69`, '68 69'],
    ['bytes of Python', String.raw`b'\x00\x68'`, '00 68'],
    ['colons and dashes', '68:69-6a', '68 69 6a'],
    ['a Buffer of Node', '<Buffer 68 69>', '68 69'],
    ['nothing', '  \n', ''],
    ['zeros that are no offset', '00000002 6869', '00 00 00 02 68 69'],
  ])('is read as %s', (_, typed, expected) => {
    expect(hexOf(readHex(typed))).toBe(expected);
  });

  test.each([
    ['a character other than a digit', '68 g', 'line 1, column 4: "g" is not a hex digit'],
    ['half a byte', '68\n 6', 'line 2, column 2: "6" has an odd number of digits'],
    ['half a byte behind 0x', '0x123', '"0x123" has an odd number'],
    ['text', 'hello', 'line 1, column 1: "h" is not a hex digit'],
  ])('is refused for %s, and says where', (_, typed, expected) => {
    expect(hexOf(readHex(typed))).toContain(expected);
  });

  test('is read up to the limit, and refused one byte over it', () => {
    expect(readHex('00'.repeat(MAX_BENCH_BYTES))).toHaveProperty('bytes');
    expect(hexOf(readHex('00'.repeat(MAX_BENCH_BYTES + 1)))).toContain('65537 bytes');
    expect(hexOf(readHex(' '.repeat(MAX_TYPED_CHARACTERS + 1)))).toContain('characters');
  });
});

describe('a hex dump', () => {
  const bytes = Buffer.from('GET /index.html  |61 62| >x< 粘包 ab cd ef 01 23 45 67\n\0\u0001');

  test.each(['hexdump', 'xxd', 'od'])('of %s is read, whatever its column of text looks like', (tool) => {
    const args = { hexdump: ['-C', '-v'], xxd: [], od: ['-v', '-t', 'x1z'] }[tool] ?? [];
    for (let end = 1; end <= bytes.length; end++) {
      const part = bytes.subarray(0, end);
      const dump = dumpOf(tool, args, part);
      if (dump === undefined) return;
      expect(hexOf(readHex(dump))).toBe(showHex(part));
    }
  });

  test.each([
    ['xxd', '00000000: 4745 5420 2f0a                           GET /.\n', '47 45 54 20 2f 0a'],
    ['xxd -g1 from an offset', '00000010: 47 45 54  GET\n00000013: 20  \n', '47 45 54 20'],
    ['hexdump -C', '00000000  47 45 54 20 2f 69 6e 64  65 78 |GET /index|\n0000000a\n', '47 45 54 20 2f 69 6e 64 65 78'],
    ['Wireshark', '0000   47 45 54 20 2f 69 6e 64 65 78   GET /index\n000a   0a   .\n', '47 45 54 20 2f 69 6e 64 65 78 0a'],
    ['tcpdump -X', '\t0x0000:  4745 5420 2f  GET./\n', '47 45 54 20 2f'],
    ['od -t x1', '0000000 47 45 54\n0000003\n', '47 45 54'],
  ])('as %s writes it is read', (_, dump, expected) => {
    expect(hexOf(readHex(dump))).toBe(expected);
  });

  test.each([
    ['lines that were left out', '00000000: 0000\n*\n00000020: 00', 'line 2 is *'],
    ['an offset that does not follow', '00000000: 0000\n00000010: 00', 'line 2 of the dump begins at 16, but 2 bytes stand before it'],
    ['words in an order that depends on the machine', '0000000 4547 2054\n', 'has no bytes in pairs'],
    ['a line without an offset', '00000000: 0000\nhello', 'line 2 of the dump begins with no offset'],
  ])('is refused for %s', (_, dump, expected) => {
    expect(hexOf(readHex(dump))).toContain(expected);
  });
});

describe('text', () => {
  test('that shows bytes is read as the same bytes', () => {
    assert(
      property(uint8Array({ maxLength: 40 }), (some) => {
        const bytes = Uint8Array.from(some);
        expect(hexOf(readText(showText(bytes)))).toBe(showHex(bytes));
      }),
    );
  });

  test('has the escapes of --request text:', () => {
    const request = String.raw`GET /\u{7c98} HTTP\x2f1.0\r\n\t\0\\`;
    expect(readText(request)).toEqual({ bytes: Uint8Array.from((parseRequest(`text:${request}`) as { bytes: Uint8Array }).bytes) });
  });

  test('is read as UTF-8 where it has no escapes', () => {
    assert(
      property(string({ unit: 'grapheme' }), (text) => {
        const plain = text.replaceAll('\\', '');
        expect(hexOf(readText(plain))).toBe(showHex(new TextEncoder().encode(plain)));
      }),
    );
  });

  test.each([String.raw`\q`, String.raw`\x6`, String.raw`\u{110000}`, String.raw`\N`, 'a\\'])('is refused for %s', (typed) => {
    expect(hexOf(readText(typed))).toContain('is not an escape');
  });

  test('shows what is no UTF-8, and what would hide or reorder it, as escapes', () => {
    expect(showText(Uint8Array.of(0xff, 0x68, 0xe7, 0xb2))).toBe(String.raw`\xffh\xe7\xb2`);
    expect(showText(new TextEncoder().encode('粘\u202e\u0000\n\\'))).toBe(String.raw`粘\u{202e}\0\n\\`);
  });
});

/** What a tool of this machine prints for these bytes; nothing where it is not installed. */
function dumpOf(tool: string, args: readonly string[], input: Uint8Array): string | undefined {
  try {
    return execFileSync(tool, args, { input, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
