import { expect, test } from 'vitest';
import { frameMemory } from '../src/frame-memory.ts';
import { FRAMINGS, lengthPrefixed, u32be } from '../src/index.ts';
import { frameEncoderStream } from '../src/web.ts';
import { pattern, toHex } from './support/bytes.ts';
import type { Bytes, FramingEntry } from '../src/index.ts';

const SLAB_BYTES = 65_536;
const u32 = lengthPrefixed({ length: u32be });

/** Ways in which a program gives memory away. */
const TRANSFERS: Readonly<Record<string, (bytes: Bytes) => void>> = {
  structuredClone: (bytes) => void structuredClone(bytes, { transfer: [bytes.buffer] }),
  'ArrayBuffer.transfer': (bytes) => void bytes.buffer.transfer(),
  'a stream of bytes': (bytes) => void new ReadableStream({ type: 'bytes', start: (controller) => controller.enqueue(bytes) }),
};

function framesOf({ create, exampleFrames }: FramingEntry): readonly Bytes[] {
  const codec = create();
  const payloads = exampleFrames ?? [1, 70, 200, 255, 100].map((byteLength) => pattern(byteLength).fill(0x61));
  return payloads.map((payload) => codec.encode(payload));
}

test.each(FRAMINGS.flatMap((entry) => Object.keys(TRANSFERS).map((way) => ({ name: entry.name, entry, way }))))(
  '$name: giving a frame away by $way empties no other, whether that is refused or not',
  ({ entry, way }) => {
    const frames = [...framesOf(entry), ...framesOf(entry)];
    const before = frames.map(toHex);
    for (const [index, frame] of frames.entries()) {
      try {
        TRANSFERS[way]!(frame);
      } catch {
        expect(toHex(frame)).toBe(before[index]);
      }
      expect(frames.slice(index + 1).map(toHex)).toEqual(before.slice(index + 1));
    }
  },
);

test.each(Object.entries(TRANSFERS))('a frame in a slab refuses %s with an error, and a copy of it does not', (_way, transfer) => {
  const frame = u32.encode(pattern(200));
  expect(() => transfer(frame)).toThrow(/[Tt]ransfer|not detachable/);
  expect(frame.length).toBe(204);
  const copy = frame.slice();
  transfer(copy);
  expect(copy.length).toBe(0);
});

test('frames do not overlap, whatever their lengths, and each has exactly its own', () => {
  const lengths = [65, 66, 8192, 100, 8191, 64, 0, 1000, 8193, 70_000, ...Array.from({ length: 200 }, (_, index) => 65 + index * 7)];
  const frames = lengths.map((byteLength, index) => frameMemory(byteLength).fill(index));
  expect(frames.map(({ length }) => length)).toEqual(lengths);
  for (const [index, frame] of frames.entries()) expect(frame.every((byte) => byte === (index & 255))).toBe(true);
});

test('a frame that is kept keeps at most 64 KiB alive, and none but itself up to 64 bytes or over 8 KiB', () => {
  for (const byteLength of [1, 64, 65, 8192, 8193, 100_000]) {
    const { buffer } = frameMemory(byteLength);
    expect(buffer.byteLength).toBe(byteLength <= 64 || byteLength > 8192 ? byteLength : SLAB_BYTES);
  }
});

test('what a web stream of frames brings can be transferred: each chunk has memory of its own', async () => {
  const payloads = [pattern(200), pattern(300), pattern(9000), pattern(3)];
  const seen: string[] = [];
  for await (const frame of ReadableStream.from(payloads).pipeThrough(frameEncoderStream(u32))) {
    seen.push(toHex(structuredClone(frame, { transfer: [frame.buffer] })));
  }
  expect(seen).toEqual(payloads.map((payload) => toHex(u32.encode(payload))));
});
