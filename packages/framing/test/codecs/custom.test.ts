import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { DEFAULT_MAX_PAYLOAD_BYTES, FrameError, createFrameWriter, custom, json, withPayload } from '../../src/index.ts';
import { checkCodec, decodeAll, drip, sticky } from '../../src/testing.ts';
import { bytes, drain, frameErrorOf, fromHex, pattern, text, toHex } from '../support/bytes.ts';
import { checkArbitraryBytes, checkIdentity, outcomeOf, workOf } from '../support/cuts.ts';
import type { Bytes, Measure } from '../../src/index.ts';

/** A kind, a 16-bit length, that many bytes. */
const measure: Measure = (chunk, start, end) => (end - start < 3 ? 0 : 3 + chunk[start + 1]! * 256 + chunk[start + 2]!);
const kind = custom({ name: 'kind-u16be', measure });

function frame(payload: Bytes): Bytes {
  return sticky([Uint8Array.of(7, payload.length >> 8, payload.length & 255), payload]);
}

/** A codec whose measure says `answer` whatever it sees. */
function saying(answer: number): ReturnType<typeof custom> {
  return custom({ name: 'liar', measure: () => answer, maxPayloadBytes: 100 });
}

test('hands out whole frames, header and all', () => {
  const decoder = kind.createDecoder();
  decoder.push(fromHex('07 00 02 68 69 08 00 00 09 00'));
  expect(drain(decoder).map(toHex)).toEqual(['07 00 02 68 69', '08 00 00']);
  expect([decoder.neededBytes, decoder.bufferedBytes]).toEqual([undefined, 2]);
  decoder.push(fromHex('05 61'));
  expect([decoder.next(), decoder.neededBytes, decoder.bufferedBytes]).toEqual([undefined, 4, 4]);
  expect([kind.name, kind.maxPayloadBytes]).toEqual(['kind-u16be', DEFAULT_MAX_PAYLOAD_BYTES]);
});

test('reads frames back, however they are cut', () => {
  checkCodec(kind, [frame(bytes('hi')), frame(bytes('')), frame(pattern(60))]);
});

test('serves a format that ends in a byte, as well as one with a length', () => {
  const lines = custom({ name: 'lines', measure: (chunk, start, end) => chunk.subarray(start, end).indexOf(10) + 1 });
  checkCodec(lines, [bytes('hi\n'), bytes('\n'), bytes('粘包\n')]);
  checkArbitraryBytes(
    custom({ name: 'few', measure: (chunk, start, end) => chunk.subarray(start, end).indexOf(10) + 1, maxPayloadBytes: 5 }),
    fc.constantFrom(10, 97),
  );
});

test('asks until it knows, with no more than maxHeaderBytes, and never again for that frame', () => {
  const spy = vi.fn<Measure>(measure);
  const codec = custom({ name: 'spied', measure: spy, maxHeaderBytes: 4 });
  const stream = sticky([frame(pattern(50)), frame(bytes(''))]);
  decodeAll(codec, drip(stream));
  expect(spy.mock.calls.map(([, start, end]) => end - start)).toEqual([1, 2, 3, 1, 2, 3]);
  spy.mockClear();
  decodeAll(codec, [stream]);
  expect(spy.mock.calls.map(([, start, end]) => end - start)).toEqual([4, 3]);
});

test('throws FRAME_ERR_TOO_LARGE as soon as a frame is measured to be over the limit, and not at it', () => {
  const codec = custom({ name: 'small', measure, maxPayloadBytes: 7 });
  checkCodec(codec, [frame(bytes('four')), frame(bytes(''))]);
  const { payloads, error } = outcomeOf(codec, sticky([frame(bytes('four')), fromHex('07 00 05')]));
  expect([payloads.length, error]).toEqual([
    1,
    expect.objectContaining({ code: 'FRAME_ERR_TOO_LARGE', declared: 8, limit: 7, offset: 7, frameIndex: 1 }),
  ]);
  expect(frameErrorOf(() => codec.encode(frame(bytes('fives'))))).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 8, limit: 7 });
});

test('throws FRAME_ERR_TOO_LARGE when the frame fills the limit and is not measured yet', () => {
  const codec = custom({ name: 'slow', measure: () => 0, maxPayloadBytes: 7 });
  expect(outcomeOf(codec, bytes('sixsix')).error?.code).toBe('FRAME_ERR_TRUNCATED');
  expect(outcomeOf(codec, bytes('seven 7')).error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 8, limit: 7 });
});

test('throws FRAME_ERR_HEADER_TOO_LONG when measure has seen maxHeaderBytes and does not know', () => {
  const codec = custom({ name: 'slow', measure: () => 0, maxHeaderBytes: 5 });
  expect(outcomeOf(codec, bytes('four')).error?.code).toBe('FRAME_ERR_TRUNCATED');
  expect(outcomeOf(codec, bytes('fives')).error).toMatchObject({ code: 'FRAME_ERR_HEADER_TOO_LONG', limit: 5, offset: 0 });
  const late = custom({ name: 'late', measure: (chunk, start, end) => chunk.subarray(start, end).indexOf(10) + 1, maxHeaderBytes: 5 });
  expect(outcomeOf(late, bytes('four\n')).payloads.length).toBe(1);
  expect(outcomeOf(late, bytes('fives\n')).error).toMatchObject({ code: 'FRAME_ERR_HEADER_TOO_LONG' });
});

test.each([-1, Number.NaN, 1.5, -Infinity])('a measure that says %d is FRAME_ERR_MALFORMED_LENGTH', (answer) => {
  expect(outcomeOf(saying(answer), bytes('x')).error).toMatchObject({ code: 'FRAME_ERR_MALFORMED_LENGTH', declared: answer, offset: 0 });
});

test.each([101, 2 ** 40, 2 ** 60, Infinity])('a measure that says %d is FRAME_ERR_TOO_LARGE', (answer) => {
  expect(outcomeOf(saying(answer), bytes('x')).error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: answer, limit: 100 });
});

test('a measure that finds a frame to end before bytes it wanted is FRAME_ERR_MALFORMED_LENGTH', () => {
  const codec = custom({ name: 'late', measure: (_, start, end) => (end - start < 3 ? 0 : 1) });
  expect(frameErrorOf(() => decodeAll(codec, drip(bytes('xyz'))))).toMatchObject({
    code: 'FRAME_ERR_MALFORMED_LENGTH',
    declared: 1,
    hex: toHex(bytes('xyz')),
  });
  expect(() => checkCodec(codec, [bytes('x')])).toThrow();
});

test('what measure throws becomes FRAME_ERR_PAYLOAD with that as its cause', () => {
  const cause = new SyntaxError('no such kind');
  const codec = custom({
    name: 'picky',
    measure(chunk, start) {
      if (chunk[start] !== 7) throw cause;
      return 1;
    },
  });
  const { payloads, error } = outcomeOf(codec, fromHex('07 07 08'));
  expect([payloads.length, error]).toEqual([2, expect.objectContaining({ code: 'FRAME_ERR_PAYLOAD', offset: 2, frameIndex: 2, cause })]);
  expect(error?.message).toContain('measuring the frame threw SyntaxError: no such kind');
  expect(frameErrorOf(() => codec.encode(fromHex('08')))).toMatchObject({ code: 'FRAME_ERR_PAYLOAD', cause });
});

test('a FrameError that measure throws keeps its code, and gets the place in the stream', () => {
  const codec = custom({
    name: 'magic',
    measure(chunk, start) {
      if (chunk[start] !== 7) throw new FrameError('FRAME_ERR_BAD_MAGIC', 'a frame starts with 7', { declared: chunk[start]!, limit: 7 });
      return 1;
    },
  });
  const { error } = outcomeOf(codec, fromHex('07 07 08'));
  expect(error).toMatchObject({ code: 'FRAME_ERR_BAD_MAGIC', offset: 2, frameIndex: 2, declared: 8, limit: 7, hex: '08' });
  expect(frameErrorOf(() => codec.encode(fromHex('08')))).toMatchObject({ code: 'FRAME_ERR_BAD_MAGIC' });
});

test('refuses to encode what is not measured to be exactly one frame, and writes nothing', () => {
  const writer = createFrameWriter();
  for (const payload of ['', '07', '07 00 02 68', '07 00 01 68 69']) {
    for (const action of [() => kind.encode(fromHex(payload)), () => kind.encodeInto(writer, fromHex(payload))]) {
      expect(frameErrorOf(action).code).toBe('FRAME_ERR_PAYLOAD');
    }
  }
  expect(frameErrorOf(() => kind.encode(fromHex('07 00 02 68'))).message).toBe('frame of 4 bytes, of which 5 are measured');
  expect(writer.length).toBe(0);
});

test('throws FRAME_ERR_TRUNCATED inside the header, right after it and inside the payload', () => {
  for (const tail of ['07', '07 00', '07 00 02', '07 00 02 68']) {
    const { error } = outcomeOf(kind, sticky([frame(bytes('ok')), fromHex(tail)]));
    expect(error).toMatchObject({ code: 'FRAME_ERR_TRUNCATED', offset: 5, frameIndex: 1, hex: tail });
  }
});

test('throws a RangeError for limits that leave no frame', () => {
  for (const options of [{ maxPayloadBytes: 0 }, { maxPayloadBytes: -1 }, { maxHeaderBytes: 0 }, { maxHeaderBytes: 1.5 }]) {
    expect(() => custom({ name: 'none', measure, ...options })).toThrow(RangeError);
  }
});

test('what is inside frames is for a payload codec to tell', () => {
  const inner = json<{ id: number }>();
  const codec = withPayload(kind, {
    name: 'kind',
    decode: (whole) => ({ kind: whole[0]!, value: inner.decode(whole.subarray(3)) }),
    encode: ({ value }) => frame(sticky([inner.encode(value)])),
  });
  const message = { kind: 7, value: { id: 1 } };
  expect(text(codec.encode(message).subarray(3))).toBe('{"id":1}');
  expect(decodeAll(codec, drip(codec.encode(message)))).toEqual([message]);
});

test('takes linear time on one-byte chunks', () => {
  const stream = frame(pattern(20_000));
  expect(workOf(kind, drip(stream))).toBeLessThanOrEqual(3 * stream.length);
});

test('arbitrary bytes give FrameErrors at most, and whatever is encoded is read back', () => {
  checkArbitraryBytes(custom({ name: 'kind', measure, maxPayloadBytes: 20, maxHeaderBytes: 5 }), fc.nat(12));
  checkIdentity(
    kind,
    fc.uint8Array({ maxLength: 40 }).map((payload) => frame(new Uint8Array(payload))),
  );
});
