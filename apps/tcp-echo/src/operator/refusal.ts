import { FrameError } from '@socklab/framing';
import type { ByteCodec } from '@socklab/framing';

/** Why the framing cannot carry a message, if it cannot: the operator can say something else. */
export function refusalOf(message: Uint8Array, codec: ByteCodec): string | undefined {
  try {
    codec.encode(message);
    return undefined;
  } catch (error) {
    if (error instanceof FrameError) return error.message;
    throw error;
  }
}
