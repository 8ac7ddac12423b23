import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_MAX_PAYLOAD_BYTES, cobs } from '../../src/index.ts';
import { checkCodec, drip } from '../../src/testing.ts';
import { bytes, drain, frameErrorOf, fromHex, toHex } from '../support/bytes.ts';
import { checkArbitraryBytes, checkIdentity, outcomeOf, workOf } from '../support/cuts.ts';
import type { Bytes } from '../../src/index.ts';

/** `byteLength` bytes, none of them zero. */
function run(byteLength: number): Bytes {
  return Uint8Array.from({ length: byteLength }, (_, at) => 1 + (at % 255));
}

test('puts codes in the place of zeros, and a zero behind', () => {
  expect(toHex(cobs().encode(bytes('hi')))).toBe('03 68 69 00');
  expect(toHex(cobs().encode(fromHex('11 00 22')))).toBe('02 11 02 22 00');
  expect(toHex(cobs().encode(bytes('')))).toBe('01 00');
  expect(cobs().maxPayloadBytes).toBe(DEFAULT_MAX_PAYLOAD_BYTES);
});

test('never writes a zero but the last byte, nor more than one byte in 254 besides the two', () => {
  for (const byteLength of [0, 1, 253, 254, 255, 508, 509, 1000]) {
    const frame = cobs().encode(run(byteLength));
    expect(frame.indexOf(0)).toBe(frame.length - 1);
    expect(frame.length).toBe(byteLength + 2 + Math.max(0, Math.ceil(byteLength / 254) - 1));
  }
});

test.each([253, 254, 255, 507, 508, 509])('carries a run of %i bytes, with and without zeros around it', (byteLength) => {
  const zero = fromHex('00');
  for (const payload of [[run(byteLength)], [zero, run(byteLength)], [run(byteLength), zero], [run(byteLength), zero, run(byteLength)]]) {
    const whole = Uint8Array.from(payload.flatMap((part) => [...part]));
    expect(outcomeOf(cobs(), cobs().encode(whole))).toEqual({ payloads: [toHex(whole)], error: undefined });
  }
});

test('carries anything, however it is cut', () => {
  checkCodec(cobs(), [bytes('hi'), bytes(''), fromHex('00'), fromHex('00 00 00'), fromHex('61 00'), fromHex('00 61'), bytes('粘包')]);
});

test('reads what encoders write that end a full run with a code of its own', () => {
  expect(outcomeOf(cobs(), Uint8Array.of(0xff, ...run(254), 1, 0))).toEqual({ payloads: [toHex(run(254))], error: undefined });
});

test('skips zeros between frames', () => {
  expect(outcomeOf(cobs(), fromHex('00 00 02 31 00 00 00 01 00 00')).payloads).toEqual(['31', '']);
  const decoder = cobs().createDecoder();
  decoder.push(fromHex('00 00'));
  expect([decoder.next(), decoder.bufferedBytes]).toEqual([undefined, 0]);
  decoder.end();
});

test('throws FRAME_ERR_TOO_LARGE on the code that announces a byte over the limit, and not at it', () => {
  const codec = cobs({ maxPayloadBytes: 4 });
  checkCodec(codec, [bytes('four'), fromHex('00 00 00 00'), bytes(''), fromHex('61 00 62 00')]);
  expect(frameErrorOf(() => codec.encode(bytes('fives')))).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 5, limit: 4 });
  for (const frame of ['06 61 62 63 64 65 00', '01 01 01 01 01 01 00', '03 61 62 03 63 64 00']) {
    const { payloads, error } = outcomeOf(codec, fromHex(`02 61 00 ${frame}`));
    expect([payloads, error]).toEqual([
      ['61'],
      expect.objectContaining({ code: 'FRAME_ERR_TOO_LARGE', offset: 3, frameIndex: 1, limit: 4 }),
    ]);
  }
  const decoder = codec.createDecoder();
  decoder.push(fromHex('ff'));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 254, limit: 4, hex: 'ff' });
});

test('throws FRAME_ERR_BAD_ESCAPE when a frame ends inside a run', () => {
  // From cobs-python, decode_error_test_strings, and the input that npm's cobs 0.2.1 pads with zeros.
  for (const [frame, missing] of [
    ['05 31 32 33 00', 1],
    ['05 31 32 00 34 00', 2],
    ['05 01 02 00', 2],
    ['ff 01 00', 253],
  ] as const) {
    const { payloads, error } = outcomeOf(cobs(), fromHex(`02 61 00 ${frame}`));
    expect([payloads, error]).toEqual([['61'], expect.objectContaining({ code: 'FRAME_ERR_BAD_ESCAPE', offset: 3, frameIndex: 1 })]);
    expect(error?.message).toContain(`00 inside a run, of which ${missing} more bytes were announced`);
  }
});

test('tells at least how much is missing, and throws FRAME_ERR_TRUNCATED at every byte of a frame', () => {
  const frame = cobs().encode(fromHex('61 62 00 63'));
  expect(toHex(frame)).toBe('03 61 62 02 63 00');
  for (const [at, needed] of [2, 3, 2, 1, 2, 1].entries()) {
    const decoder = cobs().createDecoder();
    decoder.push(frame.subarray(0, at));
    expect([decoder.next(), decoder.neededBytes, decoder.bufferedBytes]).toEqual([undefined, needed, at]);
    if (at > 0) expect(frameErrorOf(() => decoder.end())).toMatchObject({ code: 'FRAME_ERR_TRUNCATED', hex: toHex(frame.subarray(0, at)) });
  }
});

test('detach gives the bytes as they came, and the decoder starts anew', () => {
  const decoder = cobs().createDecoder();
  for (const chunk of drip(fromHex('03 61 62 02'))) {
    decoder.push(chunk);
    expect(decoder.next()).toBeUndefined();
  }
  expect(toHex(decoder.detach())).toBe('03 61 62 02');
  decoder.push(fromHex('02 63 00'));
  expect(drain(decoder).map(toHex)).toEqual(['63']);
});

test('a payload of one run is a view of its chunk, one with zeros is not', () => {
  const chunk = fromHex('03 61 62 00 02 61 02 62 00 09 61 61 61 61 61 61 61 61 00');
  const decoder = cobs().createDecoder({ payload: 'view' });
  decoder.push(chunk);
  const [plain, stuffed] = drain(decoder);
  expect([plain!.buffer === chunk.buffer, stuffed!.buffer === chunk.buffer, toHex(stuffed!)]).toEqual([true, false, '61 00 62']);
  expect(toHex(chunk)).toBe('03 61 62 00 02 61 02 62 00 09 61 61 61 61 61 61 61 61 00');
});

test('takes linear time on one-byte chunks, with nothing but zeros as well', () => {
  for (const payload of [run(20_000), new Uint8Array(20_000)]) {
    const stream = cobs().encode(payload);
    expect(workOf(cobs(), drip(stream))).toBeLessThanOrEqual(3 * stream.length);
  }
});

test('arbitrary bytes give FrameErrors at most, and whatever is encoded is read back', () => {
  checkArbitraryBytes(cobs({ maxPayloadBytes: 5 }), fc.constantFrom(0, 1, 2, 3, 0xff));
  const byte = fc.oneof(fc.constant(0), fc.nat(255));
  checkIdentity(
    cobs(),
    fc.array(byte, { maxLength: 30 }).map((payload) => Uint8Array.from(payload)),
  );
  const long = fc.array(fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), { minLength: 250, maxLength: 520, size: 'max' });
  const sparse = long.map((payload) => Uint8Array.from(payload, (value, at) => (value === 0 && at % 5 === 0 ? 0 : 7)));
  checkIdentity(cobs(), sparse);
});
