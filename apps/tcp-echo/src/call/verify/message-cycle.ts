import { seededBytes, seededNumbers } from '@socklab/client';
import { createFrameWriter } from '@socklab/framing';
import { encodable } from './encodable.ts';
import type { SizeRange } from '@socklab/client';
import type { ByteCodec, BytesIn, FramingEntry } from '@socklab/framing';

/**
 * The messages of a load, in the order in which every connection sends them, over and over. They are contiguous, so
 * any run of them is one slice: sending copies nothing, and answers are compared with the memory they were sent from.
 */
export interface MessageCycle {
  readonly count: number;
  /** All payloads, contiguous. */
  readonly payloads: Buffer;
  /** Payload i is `payloads[payloadBounds[i], payloadBounds[i + 1])`. */
  readonly payloadBounds: Uint32Array;
  /** All frames, contiguous; without a framing the same memory as `payloads`. */
  readonly wire: Buffer;
  /** Frame i is `wire[wireBounds[i], wireBounds[i + 1])`. */
  readonly wireBounds: Uint32Array;
}

/** Options of a cycle. */
export interface CycleOptions {
  readonly framing: FramingEntry;
  readonly codec: ByteCodec;
  readonly sizes: SizeRange;
  /** Messages in flight on one connection. */
  readonly depth: number;
  readonly seed: number;
}

/** Small enough for a processor's cache, long enough that a misplaced byte is noticed. */
const CYCLE_BYTES = 262_144;

/**
 * Makes the cycle of a seed: the same seed gives the same bytes. It has more messages than are ever in flight on a connection,
 * so that a lost, doubled or reordered one never looks like the awaited one.
 *
 * @throws FrameError when the framing cannot carry a payload of that size.
 */
export function createMessageCycle(options: CycleOptions): MessageCycle {
  const { framing, codec } = options;
  const payloads = framing.exampleFrames === undefined ? seededPayloads(options) : seededExamples(options, framing.exampleFrames);
  if (!framing.keepsBoundaries) return { ...payloads, wire: payloads.payloads, wireBounds: payloads.payloadBounds };
  return { ...payloads, ...encodable(payloads.payloads, () => encodeAll(codec, payloads)) };
}

type Payloads = Pick<MessageCycle, 'count' | 'payloads' | 'payloadBounds'>;

function seededPayloads({ sizes: { min, max }, depth, seed }: CycleOptions): Payloads {
  const count = Math.max(depth + 1, Math.ceil((CYCLE_BYTES * 2) / (min + max)));
  const draws = seededNumbers(`sizes ${seed}`, count);
  const payloadBounds = new Uint32Array(count + 1);
  for (let index = 0; index < count; index += 1) {
    payloadBounds[index + 1] = payloadBounds[index]! + min + (draws[index]! % (max - min + 1));
  }
  return { count, payloads: seededBytes(`payloads ${seed}`, payloadBounds[count]!), payloadBounds };
}

/** Payloads that are whole frames of a protocol cannot be arbitrary bytes: its examples, in seeded order. */
function seededExamples({ depth, seed }: CycleOptions, examples: readonly BytesIn[]): Payloads {
  const count = Math.max(depth + 1, 4096);
  const chosen = Array.from(seededNumbers(`examples ${seed}`, count), (draw) => examples[draw % examples.length]!);
  return { count, payloads: Buffer.concat(chosen), payloadBounds: boundsOf(chosen) };
}

function encodeAll(codec: ByteCodec, { count, payloads, payloadBounds }: Payloads): Pick<MessageCycle, 'wire' | 'wireBounds'> {
  const writer = createFrameWriter({ slabBytes: payloads.length + 16 * count });
  const wireBounds = new Uint32Array(count + 1);
  for (let index = 0; index < count; index += 1) {
    codec.encodeInto(writer, payloads.subarray(payloadBounds[index], payloadBounds[index + 1]));
    wireBounds[index + 1] = writer.length;
  }
  const frames = writer.take();
  return { wire: Buffer.from(frames.buffer, frames.byteOffset, frames.length), wireBounds };
}

function boundsOf(pieces: readonly BytesIn[]): Uint32Array {
  const bounds = new Uint32Array(pieces.length + 1);
  for (const [index, piece] of pieces.entries()) bounds[index + 1] = bounds[index]! + piece.length;
  return bounds;
}
