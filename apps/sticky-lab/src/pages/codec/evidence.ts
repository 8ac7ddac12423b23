import { FrameError } from '@socklab/framing';
import type { Bytes, FrameErrorCode, FramingEntry } from '@socklab/framing';

/** Bytes at the start that are examined; later ones of a frame are rarely checked. */
const TRIED_BYTES = 16;
/** Bytes of the first frame that are decoded for each of them. */
const LOOKED_AT_BYTES = 4096;

/** Errors of checked bytes: an impossible length is not one, for most numbers are possible. */
const CHECKS: ReadonlySet<FrameErrorCode> = new Set([
  'FRAME_ERR_BAD_MAGIC',
  'FRAME_ERR_BAD_TRAILER',
  'FRAME_ERR_BAD_CHECKSUM',
  'FRAME_ERR_BAD_ESCAPE',
]);

/**
 * How many of the first 16 bytes the format checks, in a first frame of `frameBytes`: with another value it refuses the frame. Correct
 * checked bytes are no accident; a length alone fits many formats.
 */
export function checkedBytes(bytes: Bytes, frameBytes: number, create: FramingEntry['create']): number {
  const frame = bytes.slice(0, Math.min(frameBytes, LOOKED_AT_BYTES));
  let checked = 0;
  for (let at = 0; at < Math.min(TRIED_BYTES, frame.length); at++) {
    frame[at] = frame[at]! ^ 0xff;
    if (isRefused(frame, create)) checked++;
    frame[at] = frame[at]! ^ 0xff;
  }
  return checked;
}

function isRefused(frame: Bytes, create: FramingEntry['create']): boolean {
  const decoder = create().createDecoder();
  try {
    decoder.push(frame);
    decoder.advance();
    return false;
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    return CHECKS.has(error.code);
  }
}
