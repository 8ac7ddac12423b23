// The bytes that strangers send: random frames of one framing, different for each connection.
import { codecByName } from '@socklab/framing';
import { encodable } from '../../src/call/verify/encodable.ts';
import type { ByteCodec, FramingEntry } from '@socklab/framing';

/** Longest payload that the server accepts. */
export const MAX_FRAME_BYTES = 204_800;
/** A payload for which the server's codec throws after finding it. */
export const THROWS_BYTES = 213;
/** A payload for which the server's codec throws half-way through encoding, which happens to frames that came in several reads. */
export const THROWS_HALFWAY_BYTES = 214;

/** How a connection ends. */
export const ENDINGS = ['finishes', 'resets', 'too-large', 'throws', 'throws-halfway', 'stalls', 'reads-nothing'] as const;
export type Ending = (typeof ENDINGS)[number];

/** Numbers in [0, 1) from a seed: mulberry32, public domain. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Random = () => number;

/** From `min` to `max`, with short and long ones equally likely. */
export const between = (random: Random, min: number, max: number): number => Math.round(min * (max / min) ** random());

export const pick = <Item>(random: Random, items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;

/** Makes frames of one framing. */
export interface Wires {
  readonly endings: readonly Ending[];
  /** Longest payload. */
  readonly maxBytes: number;
  frame(random: Random, owner: number, payloadBytes?: number): Uint8Array;
}

export function wiresOf({ name, keepsBoundaries, exampleFrames, maxPayloadBytes }: FramingEntry): Wires {
  // A codec with a higher limit than the server's: for the frame that is too large.
  const codec: ByteCodec = codecByName(name, { maxPayloadBytes: MAX_FRAME_BYTES + 1 });
  const maxBytes = Math.min(MAX_FRAME_BYTES, maxPayloadBytes);
  const without = (...unfit: readonly Ending[]): readonly Ending[] => ENDINGS.filter((ending) => !unfit.includes(ending));
  if (!keepsBoundaries) {
    const frame: Wires['frame'] = (random, owner, byteLength = between(random, 1, maxBytes)) => payloadOf(random, owner, byteLength);
    return { maxBytes, frame, endings: without('too-large', 'throws', 'throws-halfway', 'stalls') };
  }
  if (exampleFrames !== undefined) {
    const frame = (random: Random): Uint8Array => codec.encode(pick(random, exampleFrames));
    return { maxBytes, frame, endings: without('too-large', 'throws', 'throws-halfway') };
  }
  return {
    maxBytes,
    endings: maxPayloadBytes > MAX_FRAME_BYTES ? ENDINGS : without('too-large'),
    frame(random, owner, byteLength) {
      const drawn = between(random, 1, maxBytes);
      const usual = drawn === THROWS_BYTES || drawn === THROWS_HALFWAY_BYTES ? 215 : drawn;
      const payload = payloadOf(random, owner, byteLength ?? usual);
      return encodable(payload, () => codec.encode(payload));
    },
  };
}

/** Bytes that no other connection sends at the same offset. */
function payloadOf(random: Random, owner: number, byteLength: number): Uint8Array {
  const payload = Buffer.allocUnsafe(byteLength);
  let state = (Math.imul(owner + 1, 0x9e3779b1) ^ Math.floor(random() * 2 ** 32)) >>> 0;
  for (let at = 0; at < byteLength; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    payload[at] = state >>> 16;
  }
  return payload;
}
