import type { ShownPart } from './shown-part.ts';
import type { Bytes } from '@socklab/framing';

const MASK_BYTES = 4;

/** The payload of a frame as its sender meant it. */
export function unmasked(frame: Bytes, parts: readonly ShownPart[], payload: Bytes): Bytes {
  const key = parts.find(({ name }) => name === 'masking key');
  return key === undefined ? payload : payload.map((byte, index) => byte ^ (frame[key.start + (index % MASK_BYTES)] ?? 0));
}
