import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { findByte } from '../../../src/decoding/find-byte.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, createFrameWriter, delimited } from '../../../src/index.ts';
import { checkCodec, decodeAll, drip } from '../../../src/testing.ts';
import { bytes, frameErrorOf, fromHex, pattern, text, toHex } from '../../support/bytes.ts';
import { checkArbitraryBytes, checkIdentity, outcomeOf, workOf } from '../../support/cuts.ts';
import type { Codec, DelimitedOptions } from '../../../src/index.ts';

vi.mock('../../../src/decoding/find-byte.ts', { spy: true });

function payloadsOf(codec: Codec, stream: string): string[] {
  const { payloads, error } = outcomeOf(codec, bytes(stream));
  if (error !== undefined) throw error;
  return payloads.map((payload) => text(fromHex(payload)));
}

test('writes the payload and the first delimiter', () => {
  expect(toHex(delimited({ delimiters: '\r\n' }).encode(bytes('hi')))).toBe('68 69 0d 0a');
  expect(text(delimited({ delimiters: [';', ','] }).encode(bytes('hi')))).toBe('hi;');
  expect(toHex(delimited({ delimiters: fromHex('00 ff') }).encode(bytes('hi')))).toBe('68 69 00 ff');
  expect(delimited({ delimiters: '\n' }).maxPayloadBytes).toBe(DEFAULT_MAX_PAYLOAD_BYTES);
});

test.each(['\n', '\r\n', '--boundary--', ['\r\n', '\n'], ['\0', 'end']])('%j reads payloads back, however they are cut', (delimiters) => {
  checkCodec(delimited({ delimiters }), [bytes('hi'), bytes(''), bytes('粘包'), pattern(60).subarray(2)]);
});

test('any of several delimiters ends a frame', () => {
  // From tokio-util's AnyDelimiterCodec.
  const codec = delimited({ delimiters: [',', ';', '\n', '\r'] });
  expect(payloadsOf(codec, 'chunk 1,chunk 2;chunk 3\n\r')).toEqual(['chunk 1', 'chunk 2', 'chunk 3', '']);
});

test('of two delimiters that end at the same byte the longer one leaves the shorter payload', () => {
  // From Netty's LineBasedFrameDecoderTest, and DelimiterBasedFrameDecoder with both line delimiters.
  for (const delimiters of [
    ['\r\n', '\n'],
    ['\n', '\r\n'],
  ]) {
    expect(payloadsOf(delimited({ delimiters }), 'first\r\nsecond\n\r\n\r\r\n')).toEqual(['first', 'second', '', '\r']);
  }
});

test('a delimiter that begins and does not go on belongs to the payload', () => {
  expect(payloadsOf(delimited({ delimiters: 'aab' }), 'aaabaabaaaab')).toEqual(['a', '', 'aa']);
  expect(payloadsOf(delimited({ delimiters: '\r\n' }), '\r\r\n\nx\r\r\n')).toEqual(['\r', '\nx\r']);
});

test('with strip: false the delimiter belongs to the payload, read and written', () => {
  // From Netty's LineBasedFrameDecoderTest.testDecodeSplitsCorrectly.
  const codec = delimited({ delimiters: ['\r\n', '\n'], strip: false, maxPayloadBytes: 6 });
  expect(payloadsOf(codec, 'line\r\n.\r\n\n')).toEqual(['line\r\n', '.\r\n', '\n']);
  checkCodec(codec, [bytes('line\r\n'), bytes('\n'), bytes('12345\n')]);
  expect(outcomeOf(codec, bytes('ok\n12345\r\n')).error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', offset: 3, frameIndex: 1, limit: 6 });
  for (const payload of ['', 'x', 'x\r', 'a\nb\n']) {
    const { code, message } = frameErrorOf(() => codec.encode(bytes(payload)));
    expect([code, message.startsWith('a payload must end with its only delimiter')]).toEqual(['FRAME_ERR_PAYLOAD', true]);
  }
});

test.each(['\n', '\r\n', 'end of it'])('%j throws FRAME_ERR_TOO_LARGE on the first byte over the limit, and not at it', (delimiters) => {
  const codec = delimited({ delimiters, maxPayloadBytes: 4 });
  checkCodec(codec, [bytes('4444'), bytes(''), bytes('4444')]);
  expect(frameErrorOf(() => codec.encode(bytes('55555')))).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 5, limit: 4 });
  const { payloads, error } = outcomeOf(codec, bytes(`ok${delimiters}55555${delimiters}`));
  const offset = 2 + delimiters.length;
  expect([payloads, error]).toEqual([['6f 6b'], expect.objectContaining({ code: 'FRAME_ERR_TOO_LARGE', offset, frameIndex: 1, limit: 4 })]);
  const decoder = codec.createDecoder();
  decoder.push(bytes('4444'));
  expect(decoder.next()).toBeUndefined();
  decoder.push(bytes('5'));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 5 });
});

test('the beginning of a delimiter is not counted until it goes on otherwise', () => {
  const decoder = delimited({ delimiters: 'end', maxPayloadBytes: 4 }).createDecoder();
  decoder.push(bytes('4444en'));
  expect(decoder.next()).toBeUndefined();
  expect([decoder.bufferedBytes, decoder.neededBytes]).toEqual([6, undefined]);
  decoder.push(bytes('e'));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 5, hex: toHex(bytes('4444ene')) });
});

test('throws FRAME_ERR_TRUNCATED when the last frame is not ended', () => {
  for (const tail of ['x', 'tail', '\r', 'tail\r']) {
    const { payloads, error } = outcomeOf(delimited({ delimiters: '\r\n' }), bytes(`first\r\n${tail}`));
    expect([payloads.length, error]).toEqual([1, expect.objectContaining({ code: 'FRAME_ERR_TRUNCATED', offset: 7, frameIndex: 1 })]);
  }
});

test("unended: 'emit' hands out the rest at the end of the stream, within the limit", () => {
  const codec = delimited({ delimiters: '\r\n', unended: 'emit', maxPayloadBytes: 5 });
  expect(payloadsOf(codec, 'first\r\ntail')).toEqual(['first', 'tail']);
  expect(payloadsOf(codec, 'first\r\ntail\r')).toEqual(['first', 'tail\r']);
  expect(payloadsOf(codec, 'first\r\n')).toEqual(['first']);
  expect(payloadsOf(codec, '')).toEqual([]);
  const { error } = outcomeOf(codec, bytes('\r\n12345\r'));
  expect(error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 6, offset: 2, frameIndex: 1 });
});

test("unended: 'emit' also when the end came before the payloads were taken", () => {
  const decoder = delimited({ delimiters: '\n', unended: 'emit' }).createDecoder();
  decoder.push(bytes('a\nb'));
  decoder.end();
  expect([decoder.next(), decoder.next(), decoder.next()].map((payload) => payload && text(payload))).toEqual(['a', 'b', undefined]);
});

test('refuses a payload that would not be read back, and writes nothing', () => {
  const writer = createFrameWriter();
  for (const [delimiters, payload, message] of [
    ['\n', 'a\nb', 'a payload cannot contain a delimiter, found before byte 2 of 3'],
    [['\r\n', ';'], 'a;b', 'a payload cannot contain a delimiter, found before byte 2 of 3'],
    ['aa', 'xa', 'a payload cannot end in 61: with the delimiter after it, it would end earlier'],
    [['\n', '\r\n'], 'x\r', 'a payload cannot end in 0d: with the delimiter after it, it would end earlier'],
  ] as const) {
    const codec = delimited({ delimiters });
    for (const action of [() => codec.encode(bytes(payload)), () => codec.encodeInto(writer, bytes(payload))]) {
      expect(frameErrorOf(action)).toMatchObject({ code: 'FRAME_ERR_PAYLOAD', message });
    }
  }
  expect(writer.length).toBe(0);
});

test('throws a RangeError for delimiters that cannot do', () => {
  for (const [delimiters, message] of [
    [[], 'there is no delimiter, at least one is needed'],
    ['', 'a delimiter is empty, each needs at least one byte'],
    [['\n', ''], 'a delimiter is empty, each needs at least one byte'],
    [
      ['\r', '\r\n'],
      "delimiter 0d 0a can never end a frame: 0d inside it does so earlier, for lines that end with CR, LF or CR LF take line({ ending: 'any' })",
    ],
    [['xabx', 'ab'], 'delimiter 78 61 62 78 can never end a frame: 61 62 inside it does so earlier'],
  ] as const) {
    expect(() => delimited({ delimiters })).toThrow(new RangeError(message));
  }
  expect(() => delimited({ delimiters: '\n', maxPayloadBytes: -1 })).toThrow(RangeError);
});

test('keeps its delimiters when the array they came in is changed', () => {
  const delimiter = bytes(';');
  const codec = delimited({ delimiters: delimiter });
  delimiter[0] = 0x61;
  expect(text(codec.encode(bytes('a')))).toBe('a;');
});

test.each(['\n', '\r\n'])('%j searches no byte twice, and copies each a few times at most', (delimiters) => {
  const codec = delimited({ delimiters });
  const characters = delimiters === '\n' ? 'xy' : 'x\n\r';
  for (const byteLength of [3000, 6000, 12_000, 24_000]) {
    const stream = bytes(characters.repeat(byteLength / characters.length));
    for (const chunks of [drip(stream), [stream], [stream.subarray(0, 1000), stream.subarray(1000)]]) {
      vi.mocked(findByte).mockClear();
      expect(workOf(codec, chunks)).toBeLessThanOrEqual(3 * byteLength);
      // Each search goes on where the one before it stopped.
      const searched = vi.mocked(findByte).mock;
      const total = searched.calls.reduce((sum, [chunk, , from], call) => {
        const end = searched.results[call]!.value as number;
        return sum + (end < 0 ? chunk.length : end + 1) - from;
      }, 0);
      expect(total).toBe(byteLength);
    }
  }
});

const few = fc.constantFrom(...bytes('ab\r\n'));
const settings: readonly DelimitedOptions[] = [
  { delimiters: '\n' },
  { delimiters: '\r\n' },
  { delimiters: ['\r\n', '\n'] },
  { delimiters: ['\n', '\r\n'] },
  { delimiters: 'aab' },
  { delimiters: ['aa', 'bab', '\n'], strip: false },
  { delimiters: ['aa', 'abb'], unended: 'emit' },
];

test.each(settings)('%j: arbitrary bytes give FrameErrors at most, the same however they are cut', (options) => {
  checkArbitraryBytes(delimited({ ...options, maxPayloadBytes: 6 }), few);
});

test.each(settings)('%j: what is encoded is read back', (options) => {
  const payloadOf = fc.array(few, { maxLength: 7 }).map((payload) => Uint8Array.from(payload));
  checkIdentity(delimited({ ...options }), payloadOf);
});

test('delimiters are copies: changing the caller’s memory afterwards changes nothing', () => {
  for (const make of [(delimiter: string) => Buffer.from(delimiter), bytes]) {
    const delimiter = make(';');
    const codec = delimited({ delimiters: delimiter });
    delimiter.fill(0x2c);
    expect(text(codec.encode(bytes('a,b')))).toBe('a,b;');
    expect(decodeAll(codec, [bytes('a,b;')]).map(text)).toEqual(['a,b']);
  }
});
