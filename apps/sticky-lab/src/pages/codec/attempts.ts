import { FrameError, FRAMINGS } from '@socklab/framing';
import { checkedBytes } from './evidence.ts';
import type { ByteDecoder, Bytes, FrameErrorCode, FramingEntry } from '@socklab/framing';

/** What one framing makes of some bytes. */
export interface Attempt {
  readonly framing: string;
  readonly frames: number;
  /** How many of them carry nothing: zeros look like such frames. */
  readonly emptyFrames: number;
  /** How many of the first 16 bytes the format checks and finds right; 0 unless there is a whole frame. */
  readonly checkedBytes: number;
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
  const counts = { frames: 0, emptyFrames: 0, firstBytes: 0 };
  try {
    decoder.push(bytes);
    count(decoder, counts, bytes.length);
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    return { framing: name, ...told(counts), checkedBytes: 0, explainedBytes: error.offset, fault: error.code, isExact: false };
  }
  const explainedBytes = bytes.length - decoder.bufferedBytes;
  const isExact = counts.frames > 0 && explainedBytes === bytes.length;
  const checked = counts.frames === 0 ? 0 : checkedBytes(bytes, counts.firstBytes, create);
  return { framing: name, ...told(counts), checkedBytes: checked, explainedBytes, fault: undefined, isExact };
}

interface Counts {
  frames: number;
  emptyFrames: number;
  /** Length of the first frame. */
  firstBytes: number;
}

function told({ frames, emptyFrames }: Counts): Pick<Attempt, 'frames' | 'emptyFrames'> {
  return { frames, emptyFrames };
}

function count(decoder: ByteDecoder, counts: Counts, totalBytes: number): void {
  while (decoder.advance()) {
    if (counts.frames++ === 0) counts.firstBytes = totalBytes - decoder.bufferedBytes;
    if (decoder.payloadStart === decoder.payloadEnd) counts.emptyFrames++;
  }
}

// What a format checks counts more than that nothing is left. Among those that explain all of it, frames that carry something are the
// better explanation; else the one that goes furthest.
function byExplanation(one: Attempt, other: Attempt): number {
  return (
    Number(other.checkedBytes > 0) - Number(one.checkedBytes > 0) ||
    Number(other.isExact) - Number(one.isExact) ||
    other.checkedBytes - one.checkedBytes ||
    one.emptyFrames / Math.max(one.frames, 1) - other.emptyFrames / Math.max(other.frames, 1) ||
    Number(one.fault !== undefined) - Number(other.fault !== undefined) ||
    other.explainedBytes - one.explainedBytes
  );
}
