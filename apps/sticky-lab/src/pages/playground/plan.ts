import { FrameError } from '@socklab/framing';
import type { PlaygroundSettings } from './settings.ts';
import type { ByteCodec, Bytes } from '@socklab/framing';
import type { ByteRange } from '@socklab/lab/picture';

/** The bytes of one connection of a run, and their writes. */
export interface Plan {
  readonly codec: ByteCodec;
  readonly sent: readonly Bytes[];
  /** All frames, concatenated. */
  readonly wire: Bytes;
  /** Where each message is in `wire`, including its header. */
  readonly frames: readonly ByteRange[];
  /** The size of each write; never empty. */
  readonly writes: readonly ByteRange[];
}

/** A message that a framing cannot carry. */
export class UnframableMessage extends Error {
  /** Which one, from 0. */
  readonly index: number;
  readonly reason: FrameError;

  constructor(index: number, reason: FrameError) {
    super(`message ${index + 1}: ${reason.message}`, { cause: reason });
    this.name = 'UnframableMessage';
    this.index = index;
    this.reason = reason;
  }
}

/**
 * Plans the writes of one connection.
 *
 * @throws UnframableMessage when `codec` cannot carry one of them.
 */
export function planWrites(sent: readonly Bytes[], codec: ByteCodec, { write, pieceBytes }: PlanSettings): Plan {
  const encoded = sent.map((payload, index) => encode(codec, payload, index));
  const wire = joined(encoded);
  const frames = rangesOf(encoded);
  return { codec, sent, wire, frames, writes: writesOf(write, pieceBytes, frames, wire.length) };
}

/** The settings that determine the bytes of a write. */
export type PlanSettings = Pick<PlaygroundSettings, 'write' | 'pieceBytes'>;

/** The smallest number of reads of at most `readBytes`. */
export function fewestReads({ wire, writes }: Plan, { write, readBytes }: Pick<PlaygroundSettings, 'write' | 'readBytes'>): number {
  // A piece is read before the next is written; everything else can wait and be read together.
  if (write !== 'pieces') return Math.ceil(wire.length / readBytes);
  return writes.reduce((reads, { start, end }) => reads + Math.ceil((end - start) / readBytes), 0);
}

/** The time of gaps and delays alone, in milliseconds: those of the writer, and those of the reader in parallel. */
export function delaysOf(plan: Plan, settings: PlaygroundSettings): { readonly writingMs: number; readonly readingMs: number } {
  const { write, gapMs, firstRead, firstReadMs, readGapMs } = settings;
  return {
    writingMs: write === 'gap' ? Math.max(0, plan.writes.length - 1) * gapMs : 0,
    readingMs: (firstRead === 'delayed' ? firstReadMs : 0) + fewestReads(plan, settings) * readGapMs,
  };
}

function encode(codec: ByteCodec, payload: Bytes, index: number): Bytes {
  try {
    return codec.encode(payload);
  } catch (error) {
    if (error instanceof FrameError) throw new UnframableMessage(index, error);
    throw error;
  }
}

function writesOf(
  write: PlaygroundSettings['write'],
  pieceBytes: number,
  frames: readonly ByteRange[],
  wireBytes: number,
): readonly ByteRange[] {
  if (write === 'pieces') return cut(wireBytes, pieceBytes);
  if (write === 'cork') return cut(wireBytes, Math.max(1, wireBytes));
  // An empty message without a frame has no bytes: there is nothing to write.
  return frames.filter(({ start, end }) => end > start);
}

function cut(byteLength: number, pieceBytes: number): readonly ByteRange[] {
  return Array.from({ length: Math.ceil(byteLength / pieceBytes) }, (_, index) => ({
    start: index * pieceBytes,
    end: Math.min(byteLength, (index + 1) * pieceBytes),
  }));
}

/** Where each of them is when they are concatenated. */
export function rangesOf(all: readonly Bytes[]): readonly ByteRange[] {
  let at = 0;
  return all.map(({ length }) => {
    const start = at;
    at += length;
    return { start, end: at };
  });
}

function joined(all: readonly Bytes[]): Bytes {
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
