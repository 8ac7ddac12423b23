import * as fc from 'fast-check';
import { expect, vi } from 'vitest';
import { FrameError, createFrameWriter } from '../../src/index.ts';
import { drip, everySplit, randomSplits, sticky } from '../../src/testing.ts';
import { toHex } from './bytes.ts';
import type { Bytes, BytesIn, Codec } from '../../src/index.ts';

/** What came out of a stream: payloads in hex, and the error that ended it. */
export interface Outcome {
  readonly payloads: readonly string[];
  readonly error: FrameError | undefined;
}

/** Decodes `chunks` to the end of the stream, which may bring one more payload. */
function decode(codec: Codec, chunks: Iterable<BytesIn>): Outcome {
  const decoder = codec.createDecoder();
  const payloads: string[] = [];
  const drain = (): void => {
    for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) payloads.push(toHex(payload));
  };
  try {
    for (const chunk of chunks) {
      decoder.push(chunk);
      drain();
    }
    decoder.end();
    drain();
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    return { payloads, error };
  }
  return { payloads, error: undefined };
}

/** What `error` says, apart from how much was seen, which depends on the cut. */
function factsOf(error: FrameError | undefined): unknown {
  return error === undefined ? undefined : { code: error.code, offset: error.offset, frameIndex: error.frameIndex, limit: error.limit };
}

/** Decodes `stream` whole, and cut in every way that is tried: what comes out must not depend on the cut. */
export function outcomeOf(codec: Codec, stream: Bytes): Outcome {
  const whole = decode(codec, [stream]);
  for (const chunks of [drip(stream), ...everySplit(stream), ...randomSplits(stream, { seed: 7, count: 20 })]) {
    const { payloads, error } = decode(codec, chunks);
    expect({ payloads, error: factsOf(error) }).toEqual({ payloads: whole.payloads, error: factsOf(whole.error) });
  }
  return whole;
}

/** Checks that streams of bytes that `byte` gives cause nothing but FrameErrors, no payload over the limit, and do not depend on the cut. */
export function checkArbitraryBytes(codec: Codec, byte: fc.Arbitrary<number>): void {
  const streamOf = fc.array(byte, { maxLength: 120, size: 'max' }).map((stream) => Uint8Array.from(stream));
  const property = fc.property(streamOf, fc.integer(), (stream, seed) => {
    const whole = decode(codec, [stream]);
    for (const payload of whole.payloads) expect((payload.length + 1) / 3).toBeLessThanOrEqual(codec.maxPayloadBytes);
    for (const chunks of [drip(stream), ...randomSplits(stream, { seed, count: 3 })]) {
      const { payloads, error } = decode(codec, chunks);
      expect({ payloads, error: factsOf(error) }).toEqual({ payloads: whole.payloads, error: factsOf(whole.error) });
    }
  });
  fc.assert(property, { numRuns: 300 });
}

/** Checks that whatever `codec` encodes is read back, over any cut; and that what it refuses, it refuses with FRAME_ERR_PAYLOAD. */
export function checkIdentity(codec: Codec, payloadOf: fc.Arbitrary<Bytes>): void {
  const property = fc.property(fc.array(payloadOf, { maxLength: 8 }), fc.integer(), (candidates, seed) => {
    const payloads = candidates.filter((payload) => isCarried(codec, payload));
    const stream = sticky(payloads.map((payload) => codec.encode(payload)));
    for (const chunks of [[stream], drip(stream), ...randomSplits(stream, { seed, count: 3 })]) {
      expect(decode(codec, chunks)).toEqual({ payloads: payloads.map(toHex), error: undefined });
    }
  });
  fc.assert(property, { numRuns: 200 });
}

function isCarried(codec: Codec, payload: Bytes): boolean {
  const writer = createFrameWriter();
  try {
    codec.encodeInto(writer, payload);
  } catch (error) {
    expect(error).toMatchObject({ code: 'FRAME_ERR_PAYLOAD' });
    // What is refused leaves nothing behind.
    expect(writer.length).toBe(0);
    return false;
  }
  return true;
}

/** How many bytes the engine copies for the decoder while it takes `chunks`. Loops over bytes, at most one a chunk, are not seen. */
export function workOf(codec: Codec, chunks: readonly Bytes[]): number {
  const copy = vi.spyOn(Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array, 'set');
  const decoder = codec.createDecoder();
  for (const chunk of chunks) {
    decoder.push(chunk);
    while (decoder.next() !== undefined);
  }
  const copied = copy.mock.calls.reduce((sum, [source]) => sum + source.length, 0);
  copy.mockRestore();
  return copied;
}
