import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_MAX_PAYLOAD_BYTES, createFrameWriter, netstring } from '../../../src/index.ts';
import { checkCodec, drip } from '../../../src/testing.ts';
import { bytes, drain, frameErrorOf, pattern, text, toHex } from '../../support/bytes.ts';
import { checkArbitraryBytes, checkIdentity, outcomeOf, workOf } from '../../support/cuts.ts';

test('writes the length in digits, a colon, the payload and a comma', () => {
  expect(text(netstring().encode(bytes('hi')))).toBe('2:hi,');
  expect(text(netstring().encode(bytes('')))).toBe('0:,');
  expect(text(netstring().encode(bytes('粘包')))).toBe('6:粘包,');
  expect(netstring().maxPayloadBytes).toBe(DEFAULT_MAX_PAYLOAD_BYTES);
});

test('carries anything, however it is cut', () => {
  checkCodec(netstring(), [bytes('1:a,,'), bytes(''), pattern(9), pattern(10), pattern(100), bytes(',:0')]);
});

test.each([9, 10, 99, 100])('throws FRAME_ERR_TOO_LARGE one byte over a limit of %i, on the colon, and not at it', (maxPayloadBytes) => {
  const codec = netstring({ maxPayloadBytes });
  checkCodec(codec, [pattern(maxPayloadBytes), bytes(''), pattern(maxPayloadBytes)]);
  const declared = maxPayloadBytes + 1;
  expect(frameErrorOf(() => codec.encode(pattern(declared)))).toMatchObject({
    code: 'FRAME_ERR_TOO_LARGE',
    declared,
    limit: maxPayloadBytes,
  });
  const decoder = codec.createDecoder();
  decoder.push(bytes(`${declared}`));
  expect(decoder.next()).toBeUndefined();
  decoder.push(bytes(':'));
  const hex = toHex(bytes(`${declared}:`));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({
    code: 'FRAME_ERR_TOO_LARGE',
    declared,
    limit: maxPayloadBytes,
    offset: 0,
    hex,
  });
});

test('refuses the 17th digit with FRAME_ERR_HEADER_TOO_LONG, before the number is read', () => {
  const codec = netstring({ maxPayloadBytes: Number.MAX_SAFE_INTEGER });
  const decoder = codec.createDecoder();
  decoder.push(bytes('9'.repeat(16)));
  expect(decoder.next()).toBeUndefined();
  decoder.push(bytes('9'));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({ code: 'FRAME_ERR_HEADER_TOO_LONG', declared: 17, limit: 16 });
});

test('throws FRAME_ERR_UNSAFE_INTEGER from 2^53 on, whatever the limit', () => {
  const codec = netstring({ maxPayloadBytes: Number.MAX_SAFE_INTEGER });
  for (const length of ['9007199254740992', '9007199254740993', '9999999999999999']) {
    expect(outcomeOf(codec, bytes(`${length}:`)).error?.code).toBe('FRAME_ERR_UNSAFE_INTEGER');
  }
  const decoder = codec.createDecoder();
  decoder.push(bytes('9007199254740991:'));
  expect([decoder.next(), decoder.neededBytes]).toEqual([undefined, 2 ** 53]);
});

test.each([
  [':aaa,', "byte ':' (0x3a) where a length must start; allowed: digits"],
  ['abc', "byte 'a' (0x61) where a length must start; allowed: digits"],
  [' 3:abc,', 'byte 0x20 where a length must start; allowed: digits'],
  ['3aaa,', "byte 'a' (0x61) in a length; allowed: digits and ':' (0x3a) after them"],
  ['-1:', "byte '-' (0x2d) where a length must start; allowed: digits"],
  ['007:abcdefg,', 'a length starts with a zero'],
  ['01:a,', 'a length starts with a zero'],
])('%j is FRAME_ERR_MALFORMED_LENGTH that says what was seen', (stream, message) => {
  const { payloads, error } = outcomeOf(netstring(), bytes(`2:ok,${stream}`));
  expect([payloads, error]).toEqual([['6f 6b'], expect.objectContaining({ code: 'FRAME_ERR_MALFORMED_LENGTH', offset: 5, frameIndex: 1 })]);
  expect(error?.message).toContain(message);
});

test('anything but a comma behind the payload is FRAME_ERR_BAD_TRAILER', () => {
  for (const stream of ['2:aaa,', '0:a,', '4:abcde', '3:abc\n']) {
    const { payloads, error } = outcomeOf(netstring(), bytes(`2:ok,${stream}`));
    expect([payloads, error]).toEqual([['6f 6b'], expect.objectContaining({ code: 'FRAME_ERR_BAD_TRAILER', offset: 5, frameIndex: 1 })]);
  }
  expect(outcomeOf(netstring(), bytes('2:aaa,')).error?.message).toContain(
    "byte 'a' (0x61) after a payload of 2 bytes, expected ',' (0x2c)",
  );
});

test('the payload waits for its comma', () => {
  const decoder = netstring().createDecoder();
  decoder.push(bytes('2:ok'));
  expect([decoder.next(), decoder.neededBytes, decoder.bufferedBytes]).toEqual([undefined, 1, 4]);
  decoder.push(bytes(','));
  expect(drain(decoder).map(text)).toEqual(['ok']);
});

test('throws FRAME_ERR_TRUNCATED inside digits, behind the colon, inside the payload and before the comma', () => {
  for (const [tail, needed] of [
    ['1', 1],
    ['12', 1],
    ['12:', 13],
    ['12:hello', 8],
    ['5:hello', 1],
  ] as const) {
    const { error } = outcomeOf(netstring(), bytes(`2:ok,${tail}`));
    expect(error).toMatchObject({ code: 'FRAME_ERR_TRUNCATED', offset: 5, frameIndex: 1, hex: toHex(bytes(tail)) });
    expect(error?.message).toContain(`at least ${needed} more needed`);
  }
});

test('a refused payload leaves nothing in the slab', () => {
  const writer = createFrameWriter();
  expect(frameErrorOf(() => netstring({ maxPayloadBytes: 1 }).encodeInto(writer, bytes('hi'))).code).toBe('FRAME_ERR_TOO_LARGE');
  expect(writer.length).toBe(0);
});

test('takes linear time on one-byte chunks', () => {
  const stream = netstring().encode(pattern(20_000));
  expect(workOf(netstring(), drip(stream))).toBeLessThanOrEqual(3 * stream.length);
});

test('arbitrary bytes give FrameErrors at most, and whatever is encoded is read back', () => {
  checkArbitraryBytes(netstring({ maxPayloadBytes: 20 }), fc.constantFrom(...bytes('0123:,')));
  checkIdentity(
    netstring(),
    fc.uint8Array({ maxLength: 120 }).map((payload) => new Uint8Array(payload)),
  );
});
