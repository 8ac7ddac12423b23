import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FRAMINGS, FrameError } from '../../src/index.ts';
import { payloadOf } from '../support/payloads.ts';
import type { Bytes, FramingEntry } from '../../src/index.ts';

/** The payloads in `stream` up to its end or the first fault, and how many bytes their frames have. */
function decodeSome(entry: FramingEntry, stream: Bytes): { readonly payloads: Bytes[]; readonly byteLength: number } {
  const decoder = entry.create().createDecoder({ payload: 'copy' });
  const payloads: Bytes[] = [];
  decoder.push(stream);
  try {
    for (let payload = decoder.next(); payload !== undefined; payload = decoder.next()) payloads.push(payload);
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    return { payloads, byteLength: error.offset };
  }
  return { payloads, byteLength: stream.length - decoder.bufferedBytes };
}

function encodeAll(entry: FramingEntry, payloads: readonly Bytes[]): number[] {
  const codec = entry.create();
  return payloads.flatMap((payload) => [...codec.encode(payload)]);
}

/** Streams near to valid ones: frames of the format with some bytes replaced, and any bytes of its alphabet. */
function streams(entry: FramingEntry): fc.Arbitrary<Bytes> {
  const frames = fc.array(payloadOf(entry, 20), { maxLength: 4 }).map((payloads) => encodeAll(entry, payloads));
  const faults = fc.array(
    fc.record({ at: fc.nat(100), byte: fc.constantFrom(0, 1, 2, 13, 10, 0x20, 0x2c, 0x30, 0x31, 0x3a, 0x80, 0xff) }),
    {
      maxLength: 2,
    },
  );
  return fc.tuple(frames, faults).map(([bytes, replaced]) => {
    for (const { at, byte } of replaced) if (at < bytes.length) bytes[at] = byte;
    return Uint8Array.from(bytes);
  });
}

test.each(FRAMINGS.filter(({ isCanonical }) => isCanonical))(
  'what $name decodes encodes to the same bytes, so they may be passed on',
  (entry) => {
    fc.assert(
      fc.property(streams(entry), (stream) => {
        const { payloads, byteLength } = decodeSome(entry, stream);
        expect(encodeAll(entry, payloads)).toEqual([...stream.subarray(0, byteLength)]);
      }),
    );
  },
);

test('a line that ended with CR LF is written with LF alone, so line is not canonical', () => {
  const line = FRAMINGS.find(({ name }) => name === 'line')!;
  const stream = new TextEncoder().encode('hi\r\n');
  expect(line.isCanonical).toBe(false);
  expect(encodeAll(line, decodeSome(line, stream).payloads)).not.toEqual([...stream]);
});
