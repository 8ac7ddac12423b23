import { platformBuffer } from './platform.ts';

/** Up to this length a plain loop is faster than any call into the engine. */
const LOOP_BYTES = 32;

type Search = (bytes: Uint8Array, byte: number, from: number) => number;

/**
 * Node's buffers search with vector instructions, ten times faster than `Uint8Array.prototype.indexOf`, and accept any
 * Uint8Array.
 */
const nativeIndexOf = platformBuffer?.prototype.indexOf;

const search: Search =
  nativeIndexOf === undefined
    ? (bytes, byte, from) => bytes.indexOf(byte, from)
    : (bytes, byte, from) => nativeIndexOf.call(bytes, byte, from);

/** The offset of the first `byte` in `bytes[from, bytes.length)`; −1 when there is none. */
export function findByte(bytes: Uint8Array, byte: number, from: number): number {
  const loopEnd = Math.min(from + LOOP_BYTES, bytes.length);
  for (let at = from; at < loopEnd; at++) if (bytes[at] === byte) return at;
  return loopEnd === bytes.length ? -1 : search(bytes, byte, loopEnd);
}
