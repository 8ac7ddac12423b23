import { codecByName, FRAMINGS } from '@socklab/framing';
import { expect, test } from 'vitest';
import { concatBytes } from '../../src/bytes/concat-bytes.ts';
import { framesOf, framingsWithFrames } from '../../src/exchange/frames.ts';
import { hex, prefixed, utf8 } from '../exchanges.ts';
import type { Bytes } from '../../src/types.ts';

/** Three frames of each framing: those the protocol gives as examples, or some payloads. */
function framesIn(name: string): readonly Bytes[] {
  const entry = FRAMINGS.find((framing) => framing.name === name)!;
  const examples = entry.exampleFrames;
  if (examples !== undefined) return examples;
  const codec = entry.create();
  return [utf8('hi'), utf8('a longer payload than sixteen bytes'), utf8('é')].map((payload) => codec.encode(payload));
}

test.each(framingsWithFrames)('%s: frames follow each other, cover the bytes, and hold what their parts say', (name) => {
  const frames = framesIn(name);
  const found = framesOf(concatBytes(frames), name);
  expect(found.map(({ start, end }) => end - start)).toEqual(frames.map(({ length }) => length));
  let start = 0;
  for (const span of found) {
    expect(span.start).toBe(start);
    const { payloadStart, payloadEnd, length = { start: span.start, end: span.start } } = span;
    const order = [span.start, length.start, length.end, payloadStart, payloadEnd, span.end];
    expect(order).toEqual(order.toSorted((left, right) => left - right));
    start = span.end;
  }
});

test.each([
  ['u32be', '000000026869', { start: 0, length: { start: 0, end: 4 }, payloadStart: 4, payloadEnd: 6, end: 6 }],
  ['u8', '026869', { start: 0, length: { start: 0, end: 1 }, payloadStart: 1, payloadEnd: 3, end: 3 }],
  ['line', '68690d0a', { start: 0, payloadStart: 0, payloadEnd: 2, end: 4 }],
  ['netstring', '323a68692c', { start: 0, length: { start: 0, end: 1 }, payloadStart: 2, payloadEnd: 4, end: 5 }],
  ['slip', 'c06869c0', { start: 0, payloadStart: 1, payloadEnd: 3, end: 4 }],
  // Escaped, the payload lies nowhere as it is: the whole frame stands for it.
  ['slip', 'c068dbdcc0', { start: 0, payloadStart: 0, payloadEnd: 5, end: 5 }],
  ['cobs', '03686900', { start: 0, payloadStart: 1, payloadEnd: 3, end: 4 }],
  ['postgres', '5a0000000549', { start: 0, length: { start: 1, end: 5 }, payloadStart: 5, payloadEnd: 6, end: 6 }],
  ['mqtt', '30060001 61e7b298'.replace(' ', ''), { start: 0, length: { start: 1, end: 2 }, payloadStart: 2, payloadEnd: 8, end: 8 }],
  ['amqp', '08000000000000ce', { start: 0, length: { start: 3, end: 7 }, payloadStart: 7, payloadEnd: 7, end: 8 }],
  ['websocket', '818537fa213d7f9f4d5158', { start: 0, length: { start: 1, end: 2 }, payloadStart: 6, payloadEnd: 11, end: 11 }],
])('%s: %s is taken apart', (name, digits, span) => {
  expect(framesOf(hex(digits), name)).toEqual([span]);
});

test('the length of a header with several lines is where its digits are', () => {
  const bytes = utf8('Content-Type: x\r\nContent-Length: 2\r\n\r\nhi');
  expect(framesOf(bytes, 'content-length')).toEqual([
    { start: 0, length: { start: 33, end: 34 }, payloadStart: 38, payloadEnd: 40, end: 40 },
  ]);
});

test('a WebSocket frame of 126 bytes has a length of three bytes', () => {
  const frame = concatBytes([hex('827e007e'), new Uint8Array(126)]);
  expect(framesOf(frame, 'websocket')[0]).toMatchObject({ length: { start: 1, end: 4 }, payloadStart: 4, end: 130 });
});

test('frames of a mebibyte are found', () => {
  const codec = codecByName('u32be', { maxPayloadBytes: 4_000_000 });
  const frame = codec.encode(new Uint8Array(3_000_000));
  expect(framesOf(concatBytes([frame, frame]), 'u32be').map(({ end }) => end)).toEqual([frame.length, frame.length * 2]);
});

const refused = (message: string) =>
  expect.objectContaining({ code: 'PROBE_ERR_FRAMING', message: expect.stringContaining(message) as string }) as Error;

test('bytes that are not whole frames are refused with what is wrong', () => {
  expect(() => framesOf(prefixed('hi').subarray(0, 5), 'u32be')).toThrow(refused('not framed as u32be: stream ended inside a frame'));
  expect(() => framesOf(utf8('GET / HTTP/1.1\r\n'), 'u32be')).toThrow(refused('not framed as u32be: payload of'));
});

test.each(['raw', 'u33', 'constructor', ''])('the framing %j is refused with those that are allowed', (name) => {
  expect(() => framesOf(utf8('x'), name)).toThrow(
    expect.objectContaining({ code: 'PROBE_ERR_FRAMING', message: expect.stringContaining('line, i32le') as string }),
  );
});

test.each([
  ['postgres', ['0000000804d2162f'], 1],
  ['postgres', ['000000090003000000', '510000000953 4c43 3100'.replaceAll(' ', ''), '5800000004'], 1],
  ['amqp', ['414d515000000901', '080000 00000000ce'.replaceAll(' ', '')], 1],
  ['amqp', ['080000 00000000ce'.replaceAll(' ', '')], 0],
])('%s: what comes before the frames is a frame each, all of it payload: %j', (framing, parts, preambleFrames) => {
  const found = framesOf(hex(parts.join('')), framing);
  expect(found.map(({ start, end }) => end - start)).toEqual(parts.map((part) => part.length / 2));
  for (const [index, span] of found.entries()) {
    const isWhole = span.payloadStart === span.start && span.payloadEnd === span.end && span.length === undefined;
    expect([index, isWhole]).toEqual([index, index < preambleFrames]);
  }
});
