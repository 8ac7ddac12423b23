import { FrameError } from '@socklab/framing';
import { MAX_WIRE_BYTES } from './events.ts';
import type { Wire } from './events.ts';
import type { ByteCodec } from '@socklab/framing';

/** Describes a message on the wire, of which `head` are the first bytes. */
export function wireOf(head: Uint8Array, byteLength: number, textBytes: number, textAt: number | null): Wire {
  return { hex: Buffer.from(head.subarray(0, MAX_WIRE_BYTES)).toString('hex'), byteLength, textBytes, textAt };
}

/** Describes a frame, of which `head` are the first bytes. */
export function frameWire(codec: ByteCodec, payload: Uint8Array, head: Uint8Array, byteLength: number): Wire {
  return wireOf(head, byteLength, payload.length, payloadOffset(codec, payload, head));
}

/**
 * Offset of the payload in its frame, for any codec: the bytes that change when all bytes of the payload do. `null`
 * when more or fewer bytes change, as with checksums and escapes, and when that cannot be told.
 */
function payloadOffset(codec: ByteCodec, payload: Uint8Array, frame: Uint8Array): number | null {
  const { length } = payload;
  if (length === 0 || length > MAX_WIRE_BYTES) return null;
  const [one, other] = [
    tryEncode(codec, payload),
    tryEncode(
      codec,
      payload.map((byte) => byte ^ 1),
    ),
  ];
  if (one === undefined || one.length !== other?.length) return null;
  const at = one.findIndex((byte, index) => byte !== other[index]);
  const isRestSame = isSame(one, at + length, other.subarray(at + length));
  // The peer may encode the same frame differently, with other headers.
  return isRestSame && isSame(one, at, payload) && isSame(frame, at, payload.subarray(0, frame.length - at)) ? at : null;
}

/** Whether `expected` stands at an offset of `bytes`. */
function isSame(bytes: Uint8Array, offset: number, expected: Uint8Array): boolean {
  return Buffer.compare(bytes.subarray(offset, offset + expected.length), expected) === 0;
}

function tryEncode(codec: ByteCodec, payload: Uint8Array): Uint8Array | undefined {
  try {
    return codec.encode(payload);
  } catch (error) {
    if (error instanceof FrameError) return undefined;
    throw error;
  }
}
