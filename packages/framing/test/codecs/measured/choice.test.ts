import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { choice, constant, frame, line, netstring, u16be, u8 } from '../../../src/index.ts';
import { checkCodec, drip, sticky } from '../../../src/testing.ts';
import { bytes, frameErrorOf, fromHex, pattern } from '../../support/bytes.ts';
import { checkArbitraryBytes, outcomeOf, workOf } from '../../support/cuts.ts';

const DOLLAR = frame({ header: { dollar: constant(0x24), channel: u8, length: u16be }, emit: 'frame' });
const codec = choice({ of: [{ startsWith: fromHex('24'), codec: DOLLAR }, { codec: line() }] });

test('each frame is of the format that its first bytes tell, and is handed out whole', () => {
  checkCodec(codec, [bytes('OPTIONS *\r\n'), fromHex('24 00 0002 0a0a'), bytes('\n'), sticky([fromHex('24 01 0100'), pattern(256)])]);
});

test('beginnings of several bytes may arrive in pieces', () => {
  const two = choice({
    of: [
      { startsWith: bytes('ab'), codec: line() },
      { startsWith: bytes('ac'), codec: netstring() },
    ],
  });
  expect(outcomeOf(two, bytes('ab!\nad')).error).toMatchObject({ code: 'FRAME_ERR_BAD_MAGIC', offset: 4, frameIndex: 1 });
  expect(outcomeOf(two, bytes('ad')).error?.message).toContain('a frame begins with 6162 or 6163, received 6164');
});

test('an error of a format has its place in the whole stream', () => {
  const small = choice({ of: [{ startsWith: bytes('$'), codec: DOLLAR }, { codec: line({ maxPayloadBytes: 3 }) }] });
  const { error } = outcomeOf(small, bytes('ok\nlong'));
  expect(error).toMatchObject({ code: 'FRAME_ERR_TOO_LARGE', offset: 3, frameIndex: 1, limit: 3 });
  expect(error?.message).not.toContain('frame 0');
});

test('what is not one whole frame is not written', () => {
  for (const payload of [bytes('no line'), bytes('two\nlines\n'), fromHex('24 00 0002 0a')])
    expect(frameErrorOf(() => codec.encode(payload)).code).toBe('FRAME_ERR_PAYLOAD');
});

test('formats that cannot be told are a RangeError', () => {
  expect(() => choice({ of: [{ codec: line() }] })).toThrow('1 formats to choose from; allowed: 2 to 16');
  expect(() => choice({ of: [{ codec: line() }, { codec: line() }] })).toThrow('a format without a beginning takes every frame');
});

test('time is linear on one-byte chunks, and whatever bytes come, the cut decides nothing', () => {
  const stream = bytes(`${'x'.repeat(20_000)}\n`);
  expect(workOf(codec, drip(stream))).toBeLessThanOrEqual(6 * stream.length);
  const small = choice({ of: [{ startsWith: bytes('$'), codec: DOLLAR }, { codec: line({ maxPayloadBytes: 3 }) }], maxPayloadBytes: 20 });
  checkArbitraryBytes(small, fc.constantFrom(0x24, 0, 1, 2, 10, 13));
});
