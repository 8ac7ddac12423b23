import { checkedChoice } from '../../choice.ts';
import { websocketLength } from '../../fields/websocket-length.ts';
import type { Bytes, BytesIn } from '../../codec.ts';
import type { FrameLayout } from '../../frame/layout.ts';

/** How a frame tells what it is: the first fragment of a payload, one of those behind it, or a control frame between them. */
export interface FragmentTypes {
  /** The byte of the header that has the type. */
  readonly at: number;
  /** Which bits of this byte are the type; all others are `goOn`'s or have no meaning. */
  readonly bits: number;
  /** Types of first fragments. The first of them is written. */
  readonly first: readonly number[];
  /** Types of the fragments behind. The first of them is written. */
  readonly next: readonly number[];
  /** Types of control frames, which are whole and may stand anywhere between fragments. @defaultValue none */
  readonly control?: readonly number[];
  /** Longest payload of a control frame. @defaultValue as long as a payload may be */
  readonly maxControlBytes?: number;
  /** Whether control frames are passed over, or their payloads handed out where they came. @defaultValue 'skip' */
  readonly onControl?: 'skip' | 'emit';
}

const LISTS = ['first', 'next', 'control'] as const;

/** @throws RangeError when they cannot be told from one another. */
export function checkTypes(types: FragmentTypes, goOnBits: number, { minHeaderBytes }: FrameLayout): void {
  const { at, bits, maxControlBytes = 0, onControl = 'skip' } = types;
  if (!Number.isInteger(at) || at < 0 || at >= minHeaderBytes)
    throw new RangeError(`types are in byte ${at}; allowed: 0 to ${minHeaderBytes - 1}, the header`);
  if (!Number.isInteger(bits) || bits < 1 || bits > 0xff) throw new RangeError(`types have the bits ${bits}; allowed: 1 to 255`);
  if ((bits & goOnBits) !== 0) throw new RangeError(`types have the bits ${bits}, of which ${goOnBits} tells whether a fragment goes on`);
  if (!Number.isSafeInteger(maxControlBytes) || maxControlBytes < 0)
    throw new RangeError(`maxControlBytes is ${maxControlBytes}; allowed: whole numbers from 0`);
  checkedChoice('onControl', onControl, ['skip', 'emit']);
  const all = LISTS.flatMap((list) => types[list] ?? []);
  if (types.first.length === 0 || types.next.length === 0) throw new RangeError('types need one in first and one in next');
  const wrong = all.find((type, index) => !Number.isInteger(type) || (type & ~bits) !== 0 || all.indexOf(type) !== index);
  if (wrong !== undefined) throw new RangeError(`type ${wrong} is there twice, or has other bits than ${bits}`);
}

/** Whether payloads of such frames may be masked: the key is what their length ends with. */
export function isMaskable({ length }: FrameLayout): boolean {
  return length === websocketLength;
}

const MASK = 0x80;
const KEY_BYTES = 4;

/** The payload of a frame whose header has `headerBytes`; a copy when it was masked, as the frame may lie in the chunk of the caller. */
export function unmasked(layout: FrameLayout, frame: Bytes, headerBytes: number): Bytes {
  const payload = frame.subarray(headerBytes);
  if (!isMaskable(layout) || (frame[layout.before]! & MASK) === 0) return payload;
  const copy = payload.slice();
  applyMask(copy, frame.subarray(headerBytes - layout.after - KEY_BYTES, headerBytes - layout.after));
  return copy;
}

/** A frame that was written without a mask, with this one. */
export function masked(layout: FrameLayout, frame: Bytes, payloadBytes: number, key: BytesIn): Bytes {
  const lengthEnd = frame.length - payloadBytes - layout.after;
  const whole = new Uint8Array(frame.length + KEY_BYTES);
  whole.set(frame.subarray(0, lengthEnd));
  whole[layout.before] = whole[layout.before]! | MASK;
  whole.set(key, lengthEnd);
  whole.set(frame.subarray(lengthEnd), lengthEnd + KEY_BYTES);
  applyMask(whole.subarray(whole.length - payloadBytes), key);
  return whole;
}

function applyMask(bytes: Bytes, key: BytesIn): void {
  for (let at = 0; at < bytes.length; at++) bytes[at] = bytes[at]! ^ key[at % KEY_BYTES]!;
}

/** @throws RangeError for a key that frames like these have no place for, or of another length. */
export function checkMaskingKey(key: BytesIn, layout: FrameLayout): void {
  if (!isMaskable(layout)) throw new RangeError('a maskingKey needs a length that has it: websocketLength');
  if (key.length !== KEY_BYTES) throw new RangeError(`a maskingKey of ${key.length} bytes; allowed: ${KEY_BYTES}`);
}
