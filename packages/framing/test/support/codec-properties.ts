import * as fc from 'fast-check';
import { expect } from 'vitest';
import { FrameError, createFrameWriter } from '../../src/index.ts';
import { sticky } from '../../src/testing.ts';
import { toHex } from './bytes.ts';
import { payloadOf } from './payloads.ts';
import type { Bytes, Decoder, DecoderOptions, FramingEntry } from '../../src/index.ts';

const LIMIT_BYTES = 64;

/** Cuts `stream` into chunks of the sizes given, over and over; a size of 0 is an empty chunk. */
function cut(stream: Bytes, sizes: readonly number[]): readonly Bytes[] {
  const chunks: Bytes[] = [];
  for (let at = 0, index = 0; at < stream.length; index++) {
    const size = sizes[index % sizes.length] ?? stream.length;
    chunks.push(stream.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

// Some size is above 0, else the cutting would not end.
const sizesOf = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 12, size: 'max' }).map((sizes) => [...sizes, 9]);
const optionsOf: fc.Arbitrary<DecoderOptions> = fc.record({ payload: fc.constantFrom('auto', 'view', 'copy') });

/** Pushes every chunk, drains after those that `drains` names, and ends the stream. */
function decode(decoder: Decoder, chunks: readonly Bytes[], drains: (index: number) => boolean, payloads: Bytes[]): void {
  const drain = (): void => {
    for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) payloads.push(payload);
  };
  for (const [index, chunk] of chunks.entries()) {
    decoder.push(chunk);
    if (drains(index)) drain();
  }
  drain();
  decoder.end();
}

/** Decoding undoes encoding, over any concatenation and any cut. */
export function identity(entry: FramingEntry): fc.IProperty<unknown[]> {
  const { create, keepsBoundaries } = entry;
  return fc.property(
    fc.array(payloadOf(entry, LIMIT_BYTES), { maxLength: 12, size: 'max' }),
    sizesOf,
    optionsOf,
    fc.integer({ min: 1, max: 5 }),
    (sent, sizes, options, drainEvery) => {
      const codec = create({ maxPayloadBytes: LIMIT_BYTES });
      const chunks = cut(sticky(sent.map((payload) => codec.encode(payload))), sizes);
      const received: Bytes[] = [];
      decode(codec.createDecoder(options), chunks, (index) => index % drainEvery === 0, received);
      if (keepsBoundaries) expect(received.map(toHex)).toEqual(sent.map(toHex));
      expect(toHex(sticky(received))).toBe(toHex(sticky(sent)));
    },
  ) as fc.IProperty<unknown[]>;
}

/** A slab holds what single frames hold. */
export function slab(entry: FramingEntry): fc.IProperty<unknown[]> {
  return fc.property(
    fc.array(fc.array(payloadOf(entry, LIMIT_BYTES), { maxLength: 6, size: 'max' }), { maxLength: 6, size: 'max' }),
    fc.integer({ min: 1, max: 100 }),
    (batches, slabBytes) => {
      const codec = entry.create();
      const writer = createFrameWriter({ slabBytes });
      const taken = batches.map((batch) => {
        for (const payload of batch) codec.encodeInto(writer, payload);
        return writer.take();
      });
      const single = batches.map((batch) => sticky(batch.map((payload) => codec.encode(payload))));
      expect(taken.map(toHex)).toEqual(single.map(toHex));
    },
  ) as fc.IProperty<unknown[]>;
}

// Small bytes are likely, so that lengths within the limit occur.
const byteOf = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 0x0a, 0x0d));
const streamOf = fc.array(byteOf, { maxLength: 300, size: 'max' }).map((stream) => Uint8Array.from(stream));

/** Arbitrary bytes throw nothing but FrameError and give no payload over the limit; the cut changes nothing of that. */
export function arbitraryBytes(entry: FramingEntry): fc.IProperty<unknown[]> {
  return fc.property(streamOf, sizesOf, optionsOf, (stream, sizes, options) => {
    checkHostile(entry, stream, sizes, options);
  }) as fc.IProperty<unknown[]>;
}

/** The same for frames of which some bytes were changed: they get further into a decoder than arbitrary ones. */
export function damagedFrames(entry: FramingEntry): fc.IProperty<unknown[]> {
  return fc.property(
    fc.array(payloadOf(entry, LIMIT_BYTES), { minLength: 1, maxLength: 6, size: 'max' }),
    fc.array(fc.tuple(fc.nat(1000), byteOf), { minLength: 1, maxLength: 4 }),
    sizesOf,
    optionsOf,
    (payloads, damages, sizes, options) => {
      const codec = entry.create();
      const stream = sticky(payloads.map((payload) => codec.encode(payload)));
      for (const [at, byte] of damages) if (stream.length > 0) stream[at % stream.length] = byte;
      checkHostile(entry, stream, sizes, options);
    },
  ) as fc.IProperty<unknown[]>;
}

function checkHostile(entry: FramingEntry, stream: Bytes, sizes: readonly number[], options: DecoderOptions): void {
  const codec = entry.create({ maxPayloadBytes: LIMIT_BYTES });
  const outcomes = [[stream], cut(stream, sizes)].map((chunks) => {
    const payloads: Bytes[] = [];
    let code = 'none';
    try {
      decode(codec.createDecoder(options), chunks, () => true, payloads);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      ({ code } = error);
      expect(error.frameIndex).toBe(payloads.length);
    }
    for (const payload of payloads) expect(payload.length).toBeLessThanOrEqual(codec.maxPayloadBytes);
    return entry.keepsBoundaries ? [code, payloads.map(toHex)] : [code, toHex(sticky(payloads))];
  });
  // The cut decides nothing: neither what comes out nor what is refused.
  expect(outcomes[1]).toEqual(outcomes[0]);
}
