import { MAX_MESSAGES } from '@socklab/client/room';
import { codecByName, FRAMINGS } from '@socklab/framing';
import { expect, test } from 'vitest';
import { datagramFraming } from '../../src/datagram-framing.ts';

const MESSAGES = ['one', 'twenty two', 'three'].map((text) => Buffer.from(text));

/** Formats that carry any text; the others carry frames of their protocol only. */
const PLAIN = FRAMINGS.filter(({ exampleFrames, keepsBoundaries }) => exampleFrames === undefined && keepsBoundaries);

test.each(PLAIN.map(({ name }) => name))('%s: several messages come out of one datagram as they went in', (name) => {
  const framing = datagramFraming(name);
  expect(framing.split(framing.join(MESSAGES))?.map((message) => Buffer.from(message))).toEqual(MESSAGES);
});

/** Bytes of a frame that has begun. */
function heldBytes(name: string, wire: Uint8Array): number {
  const decoder = codecByName(name).createDecoder();
  decoder.push(wire);
  while (decoder.next() !== undefined);
  return decoder.bufferedBytes;
}

test.each(PLAIN.map(({ name }) => name))('%s: a cut frame is an error of its datagram, and the next one is read afresh', (name) => {
  const framing = datagramFraming(name);
  const whole = framing.join(MESSAGES);
  const ends = [1, 2, 3].map((count) => framing.join(MESSAGES.slice(0, count)).length);
  for (let cut = 1; cut < whole.length; cut++) {
    const messages = framing.split(whole.subarray(0, cut));
    // What is idle before a frame is no part of one; where the end may end a frame, as with lines, a cut is a shorter message.
    if (messages === undefined || ends.includes(cut) || heldBytes(name, whole.subarray(0, cut)) === 0) continue;
    expect(name, `${name} cut at ${cut}`).toBe('line');
  }
  expect(framing.split(whole)?.map((message) => Buffer.from(message))).toEqual(MESSAGES);
});

test('a datagram has at most 1,024 messages', () => {
  const framing = datagramFraming('line');
  expect(framing.split(Buffer.alloc(MAX_MESSAGES, '\n'))).toHaveLength(MAX_MESSAGES);
  expect(framing.split(Buffer.alloc(MAX_MESSAGES + 1, '\n'))).toBeUndefined();
  expect(framing.split(Buffer.alloc(65_507, '\n'))).toBeUndefined();
});

test('an empty datagram has no messages', () => {
  expect(datagramFraming('u16be').split(new Uint8Array(0))).toEqual([]);
});

test('a message that the format cannot carry is an error', () => {
  expect(() => datagramFraming('line').join([Buffer.from('a\nb')])).toThrow(expect.objectContaining({ code: 'FRAME_ERR_PAYLOAD' }));
});

test('an unknown name is a RangeError that names those there are', () => {
  expect(() => datagramFraming('morse')).toThrow(/morse.*u16be/);
});
