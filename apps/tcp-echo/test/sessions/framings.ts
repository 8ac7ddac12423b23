import { FrameError } from '@socklab/framing';
import type { FramingEntry } from '@socklab/framing';

/** Whether a frame may have no payload. */
export function carriesEmpty({ create }: FramingEntry): boolean {
  try {
    create().encode(new Uint8Array());
    return true;
  } catch (error) {
    if (error instanceof FrameError && error.code === 'FRAME_ERR_PAYLOAD') return false;
    throw error;
  }
}

/** Bytes at the front of a frame that belong to none, as the first END of SLIP: a decoder holds nothing of them. */
export function idleBytesOf({ create, exampleFrames }: FramingEntry): number {
  const frame = create().encode(exampleFrames?.[0] ?? Buffer.from('x'));
  const decoder = create().createDecoder();
  for (let at = 0; at < frame.length; at++) {
    decoder.push(frame.subarray(at, at + 1));
    decoder.next();
    if (decoder.bufferedBytes > 0) return at;
  }
  return 0;
}
