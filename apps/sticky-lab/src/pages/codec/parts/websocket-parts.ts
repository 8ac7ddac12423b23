import { u16be, u64be } from '@socklab/framing';
import { partOf, type FindParts, type Part } from './part.ts';
import { websocketFlags } from './protocol-words.ts';
import type { Bytes } from '@socklab/framing';

const MASKED = 0x80;
const SHORT_LENGTH = 0x7f;
const MASK_BYTES = 4;

/** Flags, a length of one, three or nine bytes, a masking key in frames of clients, the payload. Source: RFC 6455, 5.2. */
export const websocketParts: FindParts = (frame) => {
  const { lengthEnd, length, maskBytes } = headerOf(frame);
  const maskEnd = Math.min(lengthEnd + maskBytes, frame.length);
  const value = length === undefined ? {} : { value: `${length}${maskBytes > 0 ? ', MASK' : ''}` };
  return [
    ...partOf('field', 0, Math.min(1, frame.length), { name: 'flags, opcode', value: websocketFlags(frame[0] ?? 0) }),
    ...partOf('length', 1, Math.min(lengthEnd, frame.length), value),
    ...partOf('field', Math.min(lengthEnd, frame.length), maskEnd, { name: 'masking key' }),
    ...partOf('payload', maskEnd, frame.length),
  ];
};

/** The payload of a frame as its sender meant it. */
export function unmasked(frame: Bytes, parts: readonly Part[], payload: Bytes): Bytes {
  const key = parts.find(({ name }) => name === 'masking key');
  return key === undefined ? payload : payload.map((byte, index) => byte ^ (frame[key.start + (index % MASK_BYTES)] ?? 0));
}

function headerOf(frame: Bytes): { readonly lengthEnd: number; readonly length: number | undefined; readonly maskBytes: number } {
  const second = frame[1] ?? 0;
  const maskBytes = (second & MASKED) === 0 ? 0 : MASK_BYTES;
  const short = second & SHORT_LENGTH;
  const extended = short === 126 ? u16be : short === 127 ? u64be : undefined;
  const lengthEnd = 2 + (extended?.byteLength ?? 0);
  if (lengthEnd > frame.length) return { lengthEnd, length: undefined, maskBytes };
  return { lengthEnd, length: extended?.read(frame, 2) ?? short, maskBytes };
}
