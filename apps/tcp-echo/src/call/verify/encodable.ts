import { FrameError } from '@socklab/framing';

/**
 * Makes frames of random payloads. A format with end markers, such as `line`, refuses payloads that contain them: then the payloads
 * are mapped, in place, to the 64 characters from `0` to `o`.
 *
 * @param payloads - All bytes that are encoded.
 * @throws FrameError when the format carries neither.
 */
export function encodable<Frames>(payloads: Uint8Array, encode: () => Frames): Frames {
  try {
    return encode();
  } catch (error) {
    if (!(error instanceof FrameError && error.code === 'FRAME_ERR_PAYLOAD')) throw error;
    for (let at = 0; at < payloads.length; at += 1) payloads[at] = 0x30 + (payloads[at]! & 0x3f);
    return encode();
  }
}
