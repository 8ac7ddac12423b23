import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { custom, FrameError } from '../../src/index.ts';
import { checkCodec, decodeAll, drip, sticky } from '../../src/testing.ts';
import { bytes, drain, frameErrorOf, fromHex, pattern, text, toHex } from '../support/bytes.ts';
import { checkArbitraryBytes, outcomeOf, workOf } from '../support/cuts.ts';
import type { BytesIn } from '../../src/index.ts';

/** How many bytes `measure` looked at, all calls together. */
let looks = 0;

/** Up to a zero, which is taken off; `!` between frames is nothing. */
function measure(chunk: BytesIn, start: number, end: number, state: { seen: number }): number | { readonly skip: number } {
  if (state.seen === 0 && chunk[start] === 0x21) return { skip: 1 };
  for (; start + state.seen < end; state.seen++) {
    looks++;
    if (chunk[start + state.seen] === 0) return state.seen + 1;
  }
  return 0;
}
const zeroEnded = custom({
  name: 'zero-ended',
  state: () => ({ seen: 0 }),
  measure,
  unwrap: (frame) => frame.subarray(0, -1),
  wrap: (payload) => Uint8Array.from([...payload, 0]),
});

test('a measure that keeps how far it looked looks at no byte twice', () => {
  const stream = zeroEnded.encode(pattern(65_536).map((byte) => byte | 0x80));
  looks = 0;
  expect(decodeAll(zeroEnded, drip(stream))[0]).toHaveLength(65_536);
  expect(looks).toBe(stream.length);
  expect(workOf(zeroEnded, drip(stream))).toBeLessThanOrEqual(6 * stream.length);
});

test('state is made for each frame, and for each stream', () => {
  let made = 0;
  const counting = custom({ name: 'counting', state: () => ({ id: made++ }), measure: (_, start, end) => (end - start < 2 ? 0 : 2) });
  decodeAll(counting, drip(bytes('aabb')));
  decodeAll(counting, [bytes('cc')]);
  expect(made).toBe(3);
});

test('what unwrap takes off is written by wrap', () => {
  checkCodec(zeroEnded, [bytes('hi'), bytes(''), pattern(300).map((byte) => byte | 0x80)]);
  const reversed = custom({
    name: 'reversed',
    measure: (chunk, start, end) => (end > start ? chunk[start]! + 1 : 0),
    unwrap: (frame) => frame.slice(1).toReversed(),
    wrap: (payload) => sticky([Uint8Array.of(payload.length), new Uint8Array(payload).toReversed()]),
    maxPayloadBytes: 4,
  });
  checkCodec(reversed, [bytes('abc'), bytes(''), bytes('four')]);
  expect(outcomeOf(reversed, fromHex('05 61 62 63 64 65')).error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', declared: 5, limit: 4 });
});

test('bytes that belong to no frame are passed over and counted', () => {
  for (const chunks of [[bytes('!!a\0!b\0!')], drip(bytes('!!a\0!b\0!'))]) {
    const decoder = zeroEnded.createDecoder();
    const payloads = chunks.flatMap((chunk) => {
      decoder.push(chunk);
      return drain(decoder);
    });
    expect([payloads.map(text), decoder.skippedBytes, decoder.bufferedBytes]).toEqual([['a', 'b'], 4, 0]);
  }
});

test('a skip may need bytes of several chunks, but none that were said to be a frame', () => {
  const pairs = custom({
    name: 'pairs',
    measure: (chunk, start, end) => (end - start < 2 ? 0 : chunk[start] === 13 ? { skip: 2 } : 2),
  });
  expect(decodeAll(pairs, drip(bytes('\r\nab\r\ncd'))).map(text)).toEqual(['ab', 'cd']);
  const late = custom({ name: 'late', measure: (_, start, end) => (end - start < 3 ? 0 : { skip: 1 }) });
  expect(frameErrorOf(() => decodeAll(late, drip(bytes('abc')))).message).toContain(
    '1 bytes reported as outside a frame, after 2 were reported as too few',
  );
});

test.each([0, -1, 3, 1.5])('a skip of %d bytes where there are two is FRAME_ERR_MALFORMED_LENGTH', (skip) => {
  const codec = custom({ name: 'liar', measure: () => ({ skip }) });
  expect(frameErrorOf(() => decodeAll(codec, [bytes('ab')]))).toMatchObject({ code: 'FRAME_ERR_MALFORMED_LENGTH' });
});

function fails(unwrap: () => never): ReturnType<typeof custom> {
  return custom({ name: 'fails', measure: () => 1, unwrap, wrap: () => Uint8Array.of(1) });
}

test('what unwrap and wrap throw, or return, is told with the place', () => {
  const sumError = new FrameError('FRAME_ERR_BAD_CHECKSUM', 'not the sum');
  const throwing = fails(() => {
    throw sumError;
  });
  expect(outcomeOf(throwing, bytes('x')).error).toMatchObject({ code: 'FRAME_ERR_BAD_CHECKSUM', offset: 0, cause: sumError });
  const cause = new TypeError('no');
  expect(outcomeOf(fails((() => 'x') as () => never), bytes('x')).error?.message).toContain('unwrapping the frame returned the string "x"');
  const wraps = custom({
    name: 'wraps',
    measure: () => 1,
    unwrap: (frame) => frame,
    wrap: () => {
      throw cause;
    },
  });
  expect(frameErrorOf(() => wraps.encode(bytes('x')))).toMatchObject({ code: 'FRAME_ERR_PAYLOAD', cause });
  expect(frameErrorOf(() => zeroEnded.encode(bytes('!x'))).message).toBe(
    'frame of 3 bytes, of which the first 1 are outside it, and the others are measured',
  );
  expect(() => custom({ name: 'half', measure: () => 1, wrap: (payload) => payload })).toThrow('wrap and unwrap belong together');
});

test('whatever bytes come, the cut decides nothing', () => {
  checkArbitraryBytes(
    custom({
      name: 'small',
      state: () => ({ seen: 0 }),
      measure,
      unwrap: (frame) => frame.subarray(0, -1),
      wrap: (payload) => payload,
      maxPayloadBytes: 5,
      maxFrameBytes: 6,
    }),
    fc.constantFrom(0, 0x21, 0x61),
  );
  expect(toHex(zeroEnded.encode(bytes('a')))).toBe('61 00');
});
