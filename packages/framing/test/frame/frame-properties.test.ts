import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  FrameError,
  asciiDecimal,
  asciiHex,
  constant,
  crc32,
  frame,
  i32be,
  i32le,
  mqttVarint,
  sum,
  u16be,
  u16le,
  u24be,
  u24le,
  u32be,
  u32le,
  u64be,
  u64le,
  u8,
  varint,
  xor,
} from '../../src/index.ts';
import { decodeAll, sticky } from '../../src/testing.ts';
import { toHex } from '../support/bytes.ts';
import type {
  Bytes,
  BytesIn,
  Checksum,
  Codec,
  Constant,
  Counts,
  HeaderAndPayload,
  FrameOptions,
  IntegerField,
  LengthField,
  Padding,
} from '../../src/index.ts';

const LIMIT_BYTES = 60;

type AnyCodec = Codec<Bytes | HeaderAndPayload<Record<string, number>>, BytesIn | HeaderAndPayload<Record<string, number>, BytesIn>>;

const integers: readonly IntegerField[] = [u8, u16be, u16le, u24be, u24le, u32be, u32le, i32be, i32le, u64be, u64le];
const variable = [varint(), varint({ overlong: 'accept' }), mqttVarint, asciiDecimal({ end: ':', maxDigits: 3 }), asciiHex(4)];
const integerOf = fc.constantFrom(...integers);
const lengthOf: fc.Arbitrary<LengthField> = fc.oneof(integerOf, fc.constantFrom(...variable));
const byteOf = fc.nat({ max: 255 });
const constantOf: fc.Arbitrary<Constant> = fc.array(byteOf, { minLength: 1, maxLength: 3 }).map((run) => constant(...run));
const partsOf = fc.array(fc.oneof(integerOf, constantOf), { maxLength: 3 });
const coversOf = fc.constantFrom('payload' as const, 'headerAndPayload' as const);
const trailerOf: fc.Arbitrary<Constant | Checksum | undefined> = fc.oneof(
  fc.constant(undefined),
  constantOf,
  coversOf.map((covers) => crc32({ covers })),
  coversOf.map((covers) => sum({ covers, field: u16le })),
  coversOf.map((covers) => xor({ covers })),
);
const paddingOf: fc.Arbitrary<Padding | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.record({ to: fc.integer({ min: 1, max: 9 }), with: byteOf }),
  fc.nat({ max: 5 }).map((bytes) => ({ to: () => bytes })),
);
const countsOf: fc.Arbitrary<Counts> = fc.oneof(
  fc.constantFrom('payload', 'afterLength', 'frame'),
  fc.integer({ min: -3, max: 20 }).map((plus) => ({ plus })),
);

const optionsOf = fc
  .record({ before: partsOf, length: lengthOf, after: partsOf, trailer: trailerOf, padding: paddingOf, counts: countsOf })
  .map(({ before, length, after, trailer, padding, counts }): FrameOptions => ({
    header: {
      ...Object.fromEntries(before.map((part, index) => [`before${index}`, part])),
      length,
      ...Object.fromEntries(after.map((part, index) => [`after${index}`, part])),
    },
    counts,
    ...(trailer === undefined ? {} : { trailer }),
    ...(padding === undefined ? {} : { padding }),
  }));

/** The codec of a random layout; `undefined` when there can be none. */
function codecOf(options: FrameOptions): AnyCodec | undefined {
  try {
    return frame({ ...options, emit: 'payload', maxPayloadBytes: LIMIT_BYTES }) as AnyCodec;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Fields of the header in their order, filled with numbers that they can hold. */
function fieldsFor({ header }: FrameOptions, seeds: readonly number[]): Record<string, number> | undefined {
  const fields = Object.entries(header).filter(([name, part]) => name !== 'length' && 'byteLength' in part) as [string, IntegerField][];
  if (fields.length === 0) return undefined;
  return Object.fromEntries(
    fields.map(([name, { min, max }], index) => [
      name,
      Math.max(min, Math.min(max, Math.floor(min + (max - min) * seeds[index % seeds.length]!))),
    ]),
  );
}

function cut(stream: Bytes, sizes: readonly number[]): readonly Bytes[] {
  const chunks: Bytes[] = [];
  for (let at = 0, index = 0; at < stream.length; index++) {
    const size = sizes[index % sizes.length]!;
    chunks.push(stream.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const sizesOf = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
const payloadOf = fc.uint8Array({ maxLength: LIMIT_BYTES }).map((payload) => new Uint8Array(payload));
const seedsOf = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 });

function shown(message: Bytes | HeaderAndPayload<Record<string, number>>): unknown {
  return message instanceof Uint8Array ? toHex(message) : [message.header, toHex(message.payload)];
}

test('any layout that can be made reads back what it wrote, over any concatenation and any cut', () => {
  let made = 0;
  const property = fc.property(optionsOf, fc.array(payloadOf, { maxLength: 6 }), seedsOf, sizesOf, (options, payloads, seeds, sizes) => {
    const codec = codecOf(options);
    if (codec === undefined) return;
    made++;
    const sent: (Bytes | HeaderAndPayload<Record<string, number>>)[] = [];
    const frames: Bytes[] = [];
    for (const payload of payloads) {
      const header = fieldsFor(options, seeds);
      const message = header === undefined ? payload : { header, payload };
      try {
        frames.push(codec.encode(message));
        sent.push(message);
      } catch (error) {
        // A length that counts fewer bytes than there are cannot say how short a payload is.
        expect(error).toMatchObject({ code: 'FRAME_ERR_PAYLOAD' });
      }
    }
    const stream = sticky(frames);
    expect(decodeAll(codec, cut(stream, sizes)).map(shown)).toEqual(sent.map(shown));
    expect(decodeAll(codec, [stream]).map(shown)).toEqual(sent.map(shown));
    const whole = frame({ ...options, emit: 'frame' });
    expect(decodeAll(whole, cut(stream, sizes)).map(toHex)).toEqual(frames.map(toHex));
    for (const wire of frames) expect(toHex(whole.encode(wire))).toBe(toHex(wire));
  });
  fc.assert(property, { numRuns: 1000 });
  expect(made).toBeGreaterThan(500);
});

test('arbitrary bytes throw nothing but FrameError, and the cut decides nothing', () => {
  const streamOf = fc
    .array(fc.oneof(fc.nat({ max: 8 }), byteOf, fc.constantFrom(0x30, 0x31, 0x3a)), { maxLength: 80 })
    .map((stream) => Uint8Array.from(stream));
  const property = fc.property(optionsOf, streamOf, sizesOf, fc.boolean(), (options, stream, sizes, isWhole) => {
    if (codecOf(options) === undefined) return;
    const codec = (isWhole ? frame({ ...options, emit: 'frame' }) : codecOf(options)) as AnyCodec;
    const outcomes = [[stream], cut(stream, sizes), cut(stream, [1])].map((chunks) => {
      const decoder = codec.createDecoder();
      const messages: unknown[] = [];
      try {
        for (const chunk of chunks) {
          decoder.push(chunk);
          for (let message = decoder.next(); message !== undefined; message = decoder.next()) messages.push(shown(message));
        }
        decoder.end();
        return [messages, 'none'];
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        return [messages, error.code, error.offset, error.frameIndex];
      }
    });
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[2]).toEqual(outcomes[0]);
  });
  fc.assert(property, { numRuns: 2000 });
});
