import { FrameError, FRAMINGS } from '@socklab/framing';
import type { ByteDecoder, Bytes, FrameErrorCode, FramingEntry } from '@socklab/framing';

/** What one framing makes of some bytes. */
export interface Attempt {
  readonly framing: string;
  readonly frames: number;
  /** How many of them carry nothing: zeros look like such frames. */
  readonly emptyFrames: number;
  /** Bytes at the start that are whole frames. */
  readonly explainedBytes: number;
  /** Why it went no further. */
  readonly fault: FrameErrorCode | undefined;
  /** Whether the bytes are whole frames to the last one. */
  readonly isExact: boolean;
}

/** Decodes `bytes` with every framing that keeps boundaries: those that explain the bytes best come first. */
export function attempts(bytes: Bytes): readonly Attempt[] {
  const all = FRAMINGS.filter(({ keepsBoundaries }) => keepsBoundaries).map((entry) => attempt(bytes, entry));
  return all.toSorted(byExplanation);
}

function attempt(bytes: Bytes, { name, create }: FramingEntry): Attempt {
  const decoder = create().createDecoder();
  const counts = { frames: 0, emptyFrames: 0 };
  try {
    decoder.push(bytes);
    count(decoder, counts);
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    return { framing: name, ...counts, explainedBytes: error.offset, fault: error.code, isExact: false };
  }
  const explainedBytes = bytes.length - decoder.bufferedBytes;
  return { framing: name, ...counts, explainedBytes, fault: undefined, isExact: counts.frames > 0 && explainedBytes === bytes.length };
}

function count(decoder: ByteDecoder, counts: { frames: number; emptyFrames: number }): void {
  while (decoder.advance()) {
    counts.frames++;
    if (decoder.payloadStart === decoder.payloadEnd) counts.emptyFrames++;
  }
}

// Among those that explain all of it, frames that carry something are the better explanation; else the one that goes furthest.
function byExplanation(one: Attempt, other: Attempt): number {
  return (
    Number(other.isExact) - Number(one.isExact) ||
    one.emptyFrames / Math.max(one.frames, 1) - other.emptyFrames / Math.max(other.frames, 1) ||
    Number(one.fault !== undefined) - Number(other.fault !== undefined) ||
    other.explainedBytes - one.explainedBytes
  );
}
