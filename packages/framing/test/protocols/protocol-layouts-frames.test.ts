import { expect, test } from 'vitest';
import { FrameError, FRAMINGS } from '../../src/index.ts';
import { PROTOCOL_LAYOUTS } from '../../src/protocols/protocol-layouts.ts';
import { bytes, frameErrorOf } from '../support/bytes.ts';

const PROTOCOLS = FRAMINGS.filter(({ layout }) => PROTOCOL_LAYOUTS.some((each) => each === layout));
const whole = PROTOCOLS.filter(({ exampleFrames }) => exampleFrames !== undefined);

test.each(whole)('$name: examples are at least two frames of at most 60 bytes, and each is one frame', ({ create, exampleFrames }) => {
  expect(exampleFrames!.length).toBeGreaterThanOrEqual(2);
  for (const example of exampleFrames!) {
    expect(example.length).toBeLessThanOrEqual(60);
    expect(create().encode(example)).toEqual(example);
  }
});

test.each(whole)('$name: encode refuses what is no whole frame of it', ({ create, exampleFrames }) => {
  const codec = create();
  for (const example of exampleFrames!) {
    for (let at = 0; at < example.length; at++) {
      expect(frameErrorOf(() => codec.encode(example.subarray(0, at)))).toBeInstanceOf(FrameError);
    }
    expect(frameErrorOf(() => codec.encode(bytes('')))).toMatchObject({ code: 'FRAME_ERR_PAYLOAD' });
    expect(codec.encode(example)).toEqual(example);
  }
});

test.each(PROTOCOLS)('$name: the longest payload is what the format can express, and not a byte more', ({ create, maxPayloadBytes }) => {
  expect(create({ maxPayloadBytes }).maxPayloadBytes).toBe(maxPayloadBytes);
  expect(() => create({ maxPayloadBytes: maxPayloadBytes + 1 })).toThrow(RangeError);
});
