import { codecOf, fieldsCodecOf, FrameError } from '@socklab/framing';
import { patternBytes } from './pattern.ts';
import type { Bytes } from '../../types.ts';
import type { FramedLayout, FramingEntry } from '@socklab/framing';

/** Makes the frame of a payload; `undefined` when the framing cannot carry it. */
export type FrameMaker = (payload: Bytes) => Bytes | undefined;

/** Longest generated payload, in bytes: the first that needs four bytes of varint, and one more. */
const MAX_PAYLOAD_BYTES = 2 ** 21 + 1;

/** Generates frames of a framing. Header fields are those of its first example, or 0 without one. */
export function frameMakerOf(entry: FramingEntry): FrameMaker {
  const encode = encoderOf(entry);
  return (payload) => {
    try {
      return encode(payload);
    } catch (error) {
      if (error instanceof FrameError) return undefined;
      throw error;
    }
  };
}

function encoderOf(entry: FramingEntry): (payload: Bytes) => Bytes {
  const { layout } = entry;
  // Besides the payload a frame has a header and a trailer, which count where payloads are whole frames.
  const widest = MAX_PAYLOAD_BYTES + 4096;
  const limit = entry.maxPayloadBytes > widest ? { maxPayloadBytes: widest } : {};
  if (entry.exampleFrames === undefined || layout.kind !== 'frame') {
    const codec = entry.create(limit);
    return (payload) => codec.encode(payload);
  }
  const header = headerOf(entry, layout);
  if (header === undefined) {
    const codec = codecOf({ ...layout, emit: 'payload' }, limit);
    return (payload) => codec.encode(payload);
  }
  const codec = fieldsCodecOf(layout, limit);
  return (payload) => codec.encode({ header, payload } as never);
}

/** The fields of the header, by name; `undefined` without fields besides the length. */
function headerOf({ exampleFrames: [example] = [] }: FramingEntry, layout: FramedLayout): object | undefined {
  const names = layout.header.filter((part) => ('field' in part && part.name !== 'length') || 'opaque' in part);
  if (names.length === 0) return undefined;
  if (example === undefined) {
    return Object.fromEntries(names.map((part) => [part.name, 'opaque' in part ? new Uint8Array(part.opaque) : 0]));
  }
  const decoder = fieldsCodecOf(layout).createDecoder();
  decoder.push(example);
  return decoder.next()?.header;
}

/** Payload lengths at the edges: around each power of two, and wherever one byte more makes the header longer. */
export function edgeLengths(make: FrameMaker): readonly number[] {
  const lengths = new Set<number>();
  const edges = (middle: number): void => {
    for (const length of [middle - 1, middle, middle + 1]) if (length >= 0 && length <= MAX_PAYLOAD_BYTES) lengths.add(length);
  };
  const overheadOf = (length: number): number | undefined => {
    const frame = make(patternBytes(length));
    return frame === undefined ? undefined : frame.length - length;
  };
  for (let power = 0; power <= 16; power++) edges(2 ** power);
  const overhead = overheadOf(16) ?? 0;
  // Where the length counts header or trailer too, its own edges come before those of the payload.
  for (const edge of [2 ** 8, 2 ** 16]) if (overhead < 32) edges(edge - overhead);
  for (const edge of [2 ** 14, 2 ** 21, 10, 100, 1000, 10_000, 100_000]) {
    const [before, after] = [overheadOf(edge - 1), overheadOf(edge)];
    if (before !== undefined && after !== undefined && after > before && after - before < 4) edges(edge);
  }
  edges(longest(make, 2 ** 16 + 1));
  return [...lengths].toSorted((left, right) => left - right);
}

/** The longest payload of at most this many bytes that a frame can carry; 0 when there is none. */
function longest(make: FrameMaker, most: number): number {
  let [good, bad] = [0, most + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (make(patternBytes(middle)) === undefined) bad = middle;
    else good = middle;
  }
  return good;
}
