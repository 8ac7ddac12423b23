import { expect, test } from 'vitest';
import { constant, frame, u8, varint } from '../../src/index.ts';
import { frameErrorOf, pattern } from '../support/bytes.ts';
import type { FrameOptions } from '../../src/index.ts';

test.each<[string, FrameOptions, string]>([
  ['no length', { header: { type: u8 } as never }, 'the header has no length'],
  ['two lengths', { header: { length: u8, other: varint() } }, 'the header has two lengths: length, and varint as other'],
  ['a constant length', { header: { length: constant(1) as never } }, 'the length of the header is a constant'],
  [
    'a key that is a number',
    { header: { length: u8, 1: u8 } },
    'the header has a part called 1; allowed: names other than numbers and __proto__',
  ],
  [
    'a limit beyond the field',
    { header: { length: u8, a: u8 }, maxPayloadBytes: 256 },
    'maxPayloadBytes is 256, but with a u8 length frame carries at most 255',
  ],
  [
    'a limit beyond what is left',
    { header: { length: u8, a: u8 }, counts: 'frame', maxPayloadBytes: 254 },
    'maxPayloadBytes is 254, but with a u8 length frame carries at most 253',
  ],
  [
    'a plain limit beyond the field',
    { header: { length: u8 }, maxPayloadBytes: 256 },
    'maxPayloadBytes is 256, but with a u8 length u8 carries at most 255',
  ],
  [
    'a limit below the smallest frame',
    { header: { length: u8 }, trailer: constant(1), emit: 'frame', maxPayloadBytes: 1 },
    'maxPayloadBytes is 1, but the smallest frame of frame has 2 bytes',
  ],
  [
    'no payload can be expressed',
    { header: { length: u8 }, counts: { plus: 256 } },
    'a u8 length that counts 256 bytes besides the payload cannot express any payload',
  ],
  ['half a byte', { header: { length: u8 }, counts: { plus: 0.5 } }, 'counts is { plus: 0.5 }; allowed: whole numbers'],
  [
    'a varint that counts itself',
    { header: { length: varint() }, counts: 'frame' },
    "a length whose own width varies cannot count the whole frame; allowed: 'payload', 'afterLength' and { plus }",
  ],
  [
    'padding that is counted',
    { header: { length: u8 }, counts: 'afterLength', padding: { to: 4 } },
    "padding that the length counts ('afterLength') cannot be separated from the payload",
  ],
  [
    'padding to nothing',
    { header: { length: u8 }, padding: { to: 0 } },
    'padding to a multiple of 0 bytes; allowed: whole numbers from 1 to 65535',
  ],
  ['padding with no byte', { header: { length: u8 }, padding: { to: 4, with: 256 } }, 'padding with 256, which is not a byte'],
  [
    'a header too wide',
    {
      header: {
        length: u8,
        a: constant(...pattern(64)),
        b: constant(...pattern(64)),
        c: constant(...pattern(64)),
        d: constant(...pattern(64)),
      },
    },
    'the header takes up to 257 bytes; allowed: 256',
  ],
  [
    'half a limit',
    { header: { length: u8 }, maxPayloadBytes: 0.5 },
    'maxPayloadBytes is 0.5; allowed: whole numbers from 0 to 9007199254740991',
  ],
])('%s throws a RangeError when the codec is made', (_, options, message) => {
  expect(() => frame(options as FrameOptions & { readonly emit?: 'payload' })).toThrow(new RangeError(message));
});

test('the default limit is 1 MiB, or what the length can say when that is less', () => {
  expect(frame({ header: { length: u8, a: u8 } }).maxPayloadBytes).toBe(255);
  expect(frame({ header: { length: u8, a: u8 }, counts: 'afterLength', trailer: constant(1) }).maxPayloadBytes).toBe(253);
  expect(frame({ header: { length: u8, a: u8 }, emit: 'frame' }).maxPayloadBytes).toBe(257);
  expect(frame({ header: { length: u8 }, padding: { to: 4 }, emit: 'frame' }).maxPayloadBytes).toBe(257);
  expect(frame({ header: { length: varint() } }).maxPayloadBytes).toBe(1_048_576);
});

test('padding beyond 65,535 bytes is refused when it is asked for', () => {
  for (const [bytes, code] of [
    [65_535, undefined],
    [65_536, 'FRAME_ERR_PAYLOAD'],
  ] as const) {
    const encode = (): unknown => frame({ header: { length: u8 }, padding: { to: () => bytes } }).encode(pattern(1));
    if (code === undefined) expect(encode()).toHaveLength(2 + bytes);
    else expect(frameErrorOf(encode).code).toBe(code);
  }
});

test('the smallest frame has the bytes that a length of 0 leaves', () => {
  const options = { header: { length: u8 }, counts: { plus: -3 }, emit: 'frame' } as const;
  expect(frame({ ...options, maxPayloadBytes: 4 }).maxPayloadBytes).toBe(4);
  expect(() => frame({ ...options, maxPayloadBytes: 3 })).toThrow(
    new RangeError('maxPayloadBytes is 3, but the smallest frame of frame has 4 bytes'),
  );
});
