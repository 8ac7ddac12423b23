import { FrameError, FRAMINGS } from '@socklab/framing';
import { checkedBytes } from './evidence.ts';
import type { ByteDecoder, Bytes, FrameErrorCode, FramingEntry } from '@socklab/framing';

/** The result of one framing for some bytes. */
export interface Attempt {
  readonly framing: string;
  readonly frames: number;
  /** How many of them are empty: zeros look like such frames. */
  readonly emptyFrames: number;
  /** How many of the first 16 bytes the format checks and finds correct; 0 unless there is a whole frame. */
  readonly checkedBytes: number;
  /** Length of the whole frames at the start. */
  readonly explainedBytes: number;
  /** Why it stopped there. */
  readonly fault: FrameErrorCode | undefined;
  /** Whether the bytes are whole frames to the last one. */
  readonly isExact: boolean;
}

/** Decodes `bytes` with every framing with boundaries: those that explain the bytes best come first. */
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

// Checked bytes count more than that nothing is left. Among framings that explain everything, frames that are not empty are the
// better explanation; else the one that gets furthest.
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
