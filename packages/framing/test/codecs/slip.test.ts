import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_MAX_PAYLOAD_BYTES, createFrameWriter, slip, utf8, withPayload } from '../../src/index.ts';
import { checkCodec, decodeAll, drip } from '../../src/testing.ts';
import { bytes, drain, frameErrorOf, fromHex, pattern, toHex } from '../support/bytes.ts';
import { checkArbitraryBytes, checkIdentity, outcomeOf, workOf } from '../support/cuts.ts';

test('writes the payload between two ENDs, END and ESC escaped', () => {
  expect(toHex(slip().encode(bytes('hi')))).toBe('c0 68 69 c0');
  expect(toHex(slip().encode(fromHex('c0 db dc dd')))).toBe('c0 db dc db dd dc dd c0');
  expect(slip().maxPayloadBytes).toBe(DEFAULT_MAX_PAYLOAD_BYTES);
});

test('carries anything but nothing, however it is cut', () => {
  checkCodec(slip(), [
    bytes('hi'),
    fromHex('c0'),
    fromHex('db'),
    fromHex('db dc c0 db dd'),
    fromHex('c0 c0 db db'),
    pattern(60),
    fromHex('00'),
  ]);
});

test('reads frames with one END between them, with two, with many, and without the first', () => {
  for (const stream of ['61 c0 62 c0', 'c0 61 c0 62 c0', 'c0 61 c0 c0 62 c0', 'c0 c0 c0 61 c0 c0 c0 c0 62 c0']) {
    expect(outcomeOf(slip(), fromHex(stream))).toEqual({ payloads: ['61', '62'], error: undefined });
  }
});

test('an END between frames is idle: it begins none, is not held and ends no stream inside one', () => {
  for (const [stream, payloads] of [
    ['c0', []],
    ['c0 c0', []],
    ['61 c0 c0', ['61']],
    ['c0 68 69 c0 c0', ['68 69']],
  ] as const) {
    expect(outcomeOf(slip(), fromHex(stream))).toEqual({ payloads, error: undefined });
    const decoder = slip().createDecoder();
    decoder.push(fromHex(stream));
    expect([drain(decoder).map(toHex), decoder.bufferedBytes]).toEqual([payloads, 0]);
    expect(decoder.detach()).toHaveLength(0);
  }
});

test('a payload codec tells the place of a frame, not of the idle ENDs before it', () => {
  for (const chunks of [[fromHex('c0 c0 c0 c0 ff c0')], drip(fromHex('c0 c0 c0 c0 ff c0'))]) {
    expect(frameErrorOf(() => decodeAll(withPayload(slip(), utf8()), chunks))).toMatchObject({ code: 'FRAME_ERR_PAYLOAD', offset: 4 });
  }
});

test('throws FRAME_ERR_TOO_LARGE on the first byte over the limit, an escape counted as one, and not at it', () => {
  const codec = slip({ maxPayloadBytes: 4 });
  checkCodec(codec, [fromHex('c0 c0 db db'), bytes('four'), bytes('x')]);
  expect(frameErrorOf(() => codec.encode(bytes('fives')))).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 5, limit: 4 });
  for (const frame of ['c0 61 62 63 64 65 c0', 'c0 61 62 63 64 db dc c0', 'c0 db dc db dc db dc db dc 61']) {
    const { payloads, error } = outcomeOf(codec, fromHex(`c0 61 c0 ${frame}`));
    expect([payloads, error]).toEqual([
      ['61'],
      expect.objectContaining({ code: 'FRAME_ERR_TOO_LARGE', offset: 4, frameIndex: 1, limit: 4 }),
    ]);
  }
  const decoder = codec.createDecoder();
  decoder.push(fromHex('c0 61 62 63 db dc'));
  expect([decoder.next(), decoder.bufferedBytes]).toEqual([undefined, 5]);
  decoder.push(fromHex('db'));
  expect(frameErrorOf(() => decoder.next())).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 5, hex: '61 62 63 db dc db' });
});

test('throws FRAME_ERR_BAD_ESCAPE when ESC is not followed by one of its two bytes', () => {
  for (const escape of ['db 05', 'db c0', 'db db', 'db 00']) {
    const { payloads, error } = outcomeOf(slip(), fromHex(`c0 61 c0 c0 62 ${escape} 02 c0`));
    expect([payloads, error]).toEqual([['61'], expect.objectContaining({ code: 'FRAME_ERR_BAD_ESCAPE', offset: 4, frameIndex: 1 })]);
    expect(error?.message).toContain(`byte ${escape.slice(3)} after the escape db; allowed: dc and dd`);
  }
});

test('tells at least how much is missing, and throws FRAME_ERR_TRUNCATED at every byte after the first END', () => {
  const frame = slip().encode(fromHex('61 c0 62'));
  for (const [at, needed] of [2, 2, 1, 2, 1, 1].entries()) {
    const decoder = slip().createDecoder();
    decoder.push(frame.subarray(0, at));
    expect([decoder.next(), decoder.neededBytes, decoder.bufferedBytes]).toEqual([undefined, needed, Math.max(0, at - 1)]);
    if (at > 1) expect(frameErrorOf(() => decoder.end())).toMatchObject({ code: 'FRAME_ERR_TRUNCATED', hex: toHex(frame.subarray(1, at)) });
  }
});

test('detach gives the bytes as they came, escapes and all, and the decoder starts anew', () => {
  const decoder = slip().createDecoder();
  for (const chunk of drip(fromHex('c0 61 db dc db'))) {
    decoder.push(chunk);
    expect(decoder.next()).toBeUndefined();
  }
  expect(toHex(decoder.detach())).toBe('61 db dc db');
  decoder.push(fromHex('dc c0'));
  expect(drain(decoder).map(toHex)).toEqual(['dc']);
});

test('a payload without escapes is a view of its chunk, one with escapes is not', () => {
  const chunk = fromHex('c0 61 62 c0 c0 db dc 62 c0 61 61 61 61 61 61 61 61 c0');
  const decoder = slip().createDecoder({ payload: 'view' });
  decoder.push(chunk);
  const [plain, escaped] = drain(decoder);
  expect([plain!.buffer === chunk.buffer, escaped!.buffer === chunk.buffer, toHex(escaped!)]).toEqual([true, false, 'c0 62']);
  expect(toHex(chunk)).toBe('c0 61 62 c0 c0 db dc 62 c0 61 61 61 61 61 61 61 61 c0');
});

test('refuses to encode an empty payload with FRAME_ERR_PAYLOAD, and writes nothing', () => {
  const writer = createFrameWriter();
  for (const action of [() => slip().encode(bytes('')), () => slip().encodeInto(writer, bytes(''))]) {
    expect(frameErrorOf(action)).toMatchObject({ code: 'FRAME_ERR_PAYLOAD', message: 'a SLIP payload has at least one byte, received 0' });
  }
  expect(writer.length).toBe(0);
});

test('takes linear time on one-byte chunks, with nothing but escapes as well', () => {
  for (const payload of [pattern(20_000), new Uint8Array(20_000).fill(0xc0)]) {
    const stream = slip().encode(payload);
    expect(workOf(slip(), drip(stream))).toBeLessThanOrEqual(3 * stream.length);
  }
});

const byte = fc.constantFrom(0xc0, 0xdb, 0xdc, 0xdd, 0x61);

test('arbitrary bytes give FrameErrors at most, and whatever is encoded is read back', () => {
  checkArbitraryBytes(slip({ maxPayloadBytes: 5 }), byte);
  checkIdentity(
    slip(),
    fc.array(byte, { maxLength: 30 }).map((payload) => Uint8Array.from(payload)),
  );
});
