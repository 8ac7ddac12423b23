import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_MAX_PAYLOAD_BYTES, createFrameWriter, octetCounted } from '../../../src/index.ts';
import { checkCodec, decodeAll, drip, everySplit } from '../../../src/testing.ts';
import { bytes, frameErrorOf, fromHex, pattern, text, toHex } from '../../support/bytes.ts';
import { checkArbitraryBytes, checkIdentity, outcomeOf, workOf } from '../../support/cuts.ts';
import type { Codec } from '../../../src/index.ts';

const either = octetCounted({ fallback: 'lf' });

function payloadsOf(codec: Codec, stream: string): string[] {
  const { payloads, error } = outcomeOf(codec, bytes(stream));
  if (error !== undefined) throw error;
  return payloads.map((payload) => text(fromHex(payload)));
}

test('writes the length in digits, a space and the payload', () => {
  expect(text(octetCounted().encode(bytes('<34>1 hi')))).toBe('8 <34>1 hi');
  expect(text(either.encode(bytes('粘包')))).toBe('6 粘包');
  expect(octetCounted().maxPayloadBytes).toBe(DEFAULT_MAX_PAYLOAD_BYTES);
});

test.each(['error', 'lf'] as const)('carries anything but nothing, however it is cut (fallback: %s)', (fallback) => {
  checkCodec(octetCounted({ fallback }), [bytes('5 hello'), bytes('\n'), pattern(9), pattern(10), bytes('<1>'), pattern(100)]);
});

test.each([9, 10])('throws FRAME_ERR_TOO_LARGE one byte over a limit of %i, on the space, and not at it', (maxPayloadBytes) => {
  const codec = octetCounted({ maxPayloadBytes });
  checkCodec(codec, [pattern(maxPayloadBytes), pattern(1), pattern(maxPayloadBytes)]);
  const declared = maxPayloadBytes + 1;
  expect(frameErrorOf(() => codec.encode(pattern(declared)))).toMatchObject({
    code: 'FRAME_ERR_TOO_LARGE',
    declared,
    limit: maxPayloadBytes,
  });
  const decoder = codec.createDecoder();
  decoder.push(bytes(`${declared}`));
  expect(decoder.next()).toBeUndefined();
  decoder.push(bytes(' '));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared, limit: maxPayloadBytes });
});

test.each(['<34>1 -', '0 ', '000002 ab\n', '2x', ' 2 ab', '232>1 zork', '\n'])('%j is FRAME_ERR_MALFORMED_LENGTH', (stream) => {
  const { payloads, error } = outcomeOf(octetCounted(), bytes(`2 ok${stream}`));
  expect([payloads, error]).toEqual([['6f 6b'], expect.objectContaining({ code: 'FRAME_ERR_MALFORMED_LENGTH', offset: 4, frameIndex: 1 })]);
});

test('refuses the 17th digit with FRAME_ERR_HEADER_TOO_LONG, and 2^53 with FRAME_ERR_UNSAFE_INTEGER', () => {
  for (const codec of [octetCounted(), either]) {
    expect(outcomeOf(codec, bytes('9'.repeat(30))).error).toMatchObject({ code: 'FRAME_ERR_HEADER_TOO_LONG', limit: 16 });
    expect(outcomeOf(codec, bytes('9007199254740992 ')).error).toMatchObject({ code: 'FRAME_ERR_UNSAFE_INTEGER' });
  }
});

test("fallback: 'lf' reads frames that start with no digit from 1 to 9 as lines, among counted ones", () => {
  // The last two from OpenBSD's syslogd, args-client-tcp-octet-badframe.pl.
  expect(payloadsOf(either, '<1>one\n5 <2>tw<3>three\r\n\n\r\n\n\r\n4 \n\n\n\n<4>four\r\r\n')).toEqual([
    '<1>one',
    '<2>tw',
    '<3>three',
    '\n\n\n\n',
    '<4>four\r',
  ]);
  expect(payloadsOf(either, '000002 ab\n2 ab')).toEqual(['000002 ab', 'ab']);
  expect(outcomeOf(either, bytes('232>1 zork')).error?.code).toBe('FRAME_ERR_MALFORMED_LENGTH');
});

test("fallback: 'lf' holds lines to the limit, on the first byte over it", () => {
  const codec = octetCounted({ fallback: 'lf', maxPayloadBytes: 4 });
  expect(payloadsOf(codec, '<44>\n<>\n')).toEqual(['<44>', '<>']);
  const { payloads, error } = outcomeOf(codec, bytes('<44>\n<55>5\n'));
  expect([payloads.length, error]).toEqual([
    1,
    expect.objectContaining({ code: 'FRAME_ERR_TOO_LARGE', offset: 5, frameIndex: 1, limit: 4 }),
  ]);
  const decoder = codec.createDecoder();
  decoder.push(bytes('<55>'));
  expect([decoder.next(), decoder.neededBytes, decoder.bufferedBytes]).toEqual([undefined, undefined, 4]);
  decoder.push(bytes('5'));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 5, hex: toHex(bytes('<55>5')) });
});

test('a decoder between lines and counted frames starts anew after detach', () => {
  const decoder = either.createDecoder();
  decoder.push(bytes('<1>unended'));
  expect(decoder.next()).toBeUndefined();
  expect(text(decoder.detach())).toBe('<1>unended');
  decoder.push(bytes('2 ok'));
  expect(text(decoder.next()!)).toBe('ok');
});

test('throws FRAME_ERR_TRUNCATED inside digits, behind the space, inside the payload, inside a line', () => {
  for (const codec of [octetCounted(), either]) {
    for (const tail of ['1', '12', '12 ', '12 hello']) {
      expect(outcomeOf(codec, bytes(`2 ok${tail}`)).error).toMatchObject({ code: 'FRAME_ERR_TRUNCATED', offset: 4, frameIndex: 1 });
    }
  }
  expect(outcomeOf(either, bytes('2 ok\n<1>')).error).toMatchObject({ code: 'FRAME_ERR_TRUNCATED', offset: 5, frameIndex: 1 });
});

test('refuses to encode an empty payload with FRAME_ERR_PAYLOAD, and writes nothing', () => {
  const writer = createFrameWriter();
  for (const action of [() => octetCounted().encode(bytes('')), () => either.encodeInto(writer, bytes(''))]) {
    expect(frameErrorOf(action)).toMatchObject({
      code: 'FRAME_ERR_PAYLOAD',
      message: 'an octet-counted message has at least one byte, received 0',
    });
  }
  expect(writer.length).toBe(0);
});

test('takes linear time on one-byte chunks, counted or not', () => {
  expect(workOf(either, drip(either.encode(pattern(20_000))))).toBeLessThanOrEqual(60_000);
  expect(workOf(either, drip(bytes(`<${'x'.repeat(20_000)}\n`)))).toBeLessThanOrEqual(60_000);
});

test.each(['error', 'lf'] as const)(
  'arbitrary bytes give FrameErrors at most, and what is encoded is read back (fallback: %s)',
  (fallback) => {
    checkArbitraryBytes(octetCounted({ fallback, maxPayloadBytes: 20 }), fc.constantFrom(...bytes('0123 <\n')));
    checkIdentity(
      octetCounted({ fallback }),
      fc.uint8Array({ maxLength: 120 }).map((payload) => new Uint8Array(payload)),
    );
  },
);

test("with fallback 'lf-or-nul' a message may end with NUL, as Python's SysLogHandler sends it", () => {
  const codec = octetCounted({ fallback: 'lf-or-nul', maxPayloadBytes: 9 });
  const stream = bytes('<1>a\r\0<2>b\n5 <3>c\n\0\0<4>d\r\n');
  for (const chunks of everySplit(stream)) expect(decodeAll(codec, chunks).map(text)).toEqual(['<1>a\r', '<2>b', '<3>c\n', '<4>d']);
  checkCodec(codec, [bytes('hi'), bytes('a\0b')]);
  checkArbitraryBytes(codec, fc.constantFrom(0, 10, 13, 32, 49, 97));
});
