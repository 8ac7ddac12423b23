import { findByte } from '../../decoding/find-byte.ts';
import type { BytesIn } from '../../codec.ts';
import type { Accumulator } from '../../decoding/accumulator.ts';

/**
 * Finds the delimiters of one format in bytes that arrive in pieces.
 *
 * A delimiter is recognised by its last byte: only there are the bytes before it compared, some of which may lie in
 * memory that was collected from earlier chunks. So every byte is searched once, however the delimiter is cut.
 */
export class DelimiterSet {
  /** Length of the longest delimiter, in bytes. */
  readonly longestBytes: number;
  readonly #delimiters: readonly BytesIn[];
  /** For each byte value the delimiters that end with it, longest first. */
  readonly #byLastByte: readonly (readonly BytesIn[] | undefined)[];
  /** The common last byte of all delimiters, or −1. */
  readonly #lastByte: number;

  constructor(delimiters: readonly BytesIn[]) {
    this.#delimiters = delimiters.toSorted((left, right) => right.length - left.length);
    this.longestBytes = this.#delimiters[0]!.length;
    const byLastByte: BytesIn[][] = [];
    for (const delimiter of this.#delimiters) (byLastByte[delimiter.at(-1)!] ??= []).push(delimiter);
    this.#byLastByte = Array.from({ length: 256 }, (_, byte) => byLastByte[byte]);
    const lastBytes = new Set(delimiters.map((delimiter) => delimiter.at(-1)!));
    this.#lastByte = lastBytes.size === 1 ? [...lastBytes][0]! : -1;
  }

  /** The first offset from `from` on at which a delimiter may end, or −1. */
  nextEnd(bytes: BytesIn, from: number): number {
    if (this.#lastByte >= 0) return findByte(bytes, this.#lastByte, from);
    for (let at = from; at < bytes.length; at++) if (this.#byLastByte[bytes[at]!] !== undefined) return at;
    return -1;
  }

  /**
   * The length of the longest delimiter whose last byte is `bytes[at]`; 0 when none ends there.
   *
   * @param start where the frame continues in `bytes`: earlier bytes are in `held`.
   */
  lengthAt(bytes: BytesIn, start: number, at: number, held: Accumulator): number {
    const candidates = this.#byLastByte[bytes[at]!];
    if (candidates === undefined) return 0;
    for (const delimiter of candidates) if (endsWith(bytes, start, at, held, delimiter)) return delimiter.length;
    return 0;
  }

  /** How many of the last bytes may be the beginning of a delimiter. */
  begunBytes(bytes: BytesIn): number {
    for (let length = Math.min(this.longestBytes - 1, bytes.length); length > 0; length--) {
      const tail = bytes.subarray(bytes.length - length);
      if (this.#delimiters.some((delimiter) => tail.every((byte, at) => byte === delimiter[at]))) return length;
    }
    return 0;
  }
}

function endsWith(bytes: BytesIn, start: number, at: number, held: Accumulator, delimiter: BytesIn): boolean {
  const fromHeld = delimiter.length - (at + 1 - start);
  if (fromHeld > held.length) return false;
  const first = at + 1 - delimiter.length;
  for (let index = Math.max(0, fromHeld); index < delimiter.length - 1; index++) {
    if (bytes[first + index] !== delimiter[index]) return false;
  }
  if (fromHeld <= 0) return true;
  const tail = held.peek().subarray(held.length - fromHeld);
  return tail.every((byte, index) => byte === delimiter[index]);
}
