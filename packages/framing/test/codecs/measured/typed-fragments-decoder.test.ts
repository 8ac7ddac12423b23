import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { websocketLength } from '../../../src/fields/websocket-length.ts';
import { fragments, u8 } from '../../../src/index.ts';
import { decodeAll, drip, everySplit } from '../../../src/testing.ts';
import { fromHex, pattern, text, toHex } from '../../support/bytes.ts';
import { checkArbitraryBytes, outcomeOf, workOf } from '../../support/cuts.ts';
import type { ByteCodec } from '../../../src/index.ts';

function messages(onControl: 'skip' | 'emit', maxPayloadBytes = 1000, maxFragmentBytes = 100): ByteCodec {
  return fragments({
    frame: { header: { flags: u8, length: websocketLength } },
    goOn: { bit: 0x80, at: 0, set: 'last' },
    types: { at: 0, bits: 0x7f, first: [2, 1], next: [0], control: [8, 9, 10], maxControlBytes: 4, onControl },
    maxPayloadBytes,
    maxFragmentBytes,
  });
}

test('control frames between fragments are skipped, or handed out where they came', () => {
  const stream = fromHex('89 01 70 01 03 48656c 89 02 7069 80 02 6c6f 82 00 88 00');
  for (const chunks of [[stream], drip(stream), ...everySplit(stream)]) {
    expect(decodeAll(messages('skip'), chunks).map(text)).toEqual(['Hello', '']);
    expect(decodeAll(messages('emit'), chunks).map(text)).toEqual(['p', 'pi', 'Hello', '', '']);
  }
});

test.each([
  ['83 00', 'FRAME_ERR_BAD_MAGIC', 'type 3 where a message begins; allowed: 2, 1, 8, 9, 10 (frame 0 at byte 0'],
  ['01 00 81 00', 'FRAME_ERR_BAD_MAGIC', 'type 1 inside a message of type 1; allowed: 0, 8, 9, 10 (frame 1 at byte 2'],
  ['09 00', 'FRAME_ERR_BAD_MAGIC', 'a control frame in fragments, type 9'],
  ['89 05 6162636465', 'FRAME_ERR_MALFORMED_LENGTH', 'a control frame of 5 bytes, limit 4'],
  ['01 04 61626364 80 03 616263', 'FRAME_ERR_TOO_LARGE', 'message of 7 bytes or more, limit 6'],
  ['82 15', 'FRAME_ERR_TOO_LARGE', 'limit 20'],
  ['01 01 61', 'FRAME_ERR_TRUNCATED', 'stream ended inside a message: 1 bytes of it arrived'],
])('%s is %s', (wire, code, message) => {
  const error = outcomeOf(messages('skip', 6, 6), fromHex(wire)).error as Error;
  expect(error).toMatchObject({ code });
  expect(error.message).toContain(message);
});

test('as many control frames as a peer likes may stand in a message, and none of them is held', () => {
  const decoder = messages('skip').createDecoder();
  decoder.push(fromHex('01 01 61'));
  for (let count = 0; count < 10_000; count++) {
    decoder.push(fromHex('89 01 70'));
    expect([decoder.next(), decoder.bufferedBytes]).toEqual([undefined, 1]);
  }
  decoder.push(fromHex('80 01 62'));
  expect(text(decoder.next()!)).toBe('ab');
});

test('it is read in place too, and what is detached begins with a frame', () => {
  const decoder = messages('skip').createDecoder();
  decoder.push(fromHex('01 01 61 80 01 62 01 01 61 80'));
  expect(decoder.advance()).toBe(true);
  expect(text(decoder.payloadMemory.slice(decoder.payloadStart, decoder.payloadEnd))).toBe('ab');
  expect(decoder.advance()).toBe(false);
  expect(toHex(decoder.detach())).toBe('80');
});

test('time is linear on one-byte chunks, and whatever bytes come, the cut decides nothing', () => {
  const codec = messages('skip', 20_000);
  const stream = codec.encode(pattern(20_000));
  expect(workOf(codec, drip(stream))).toBeLessThanOrEqual(6 * stream.length);
  checkArbitraryBytes(messages('emit', 5), fc.constantFrom(0x01, 0x80, 0x81, 0x82, 0x89, 0, 2, 3));
});
