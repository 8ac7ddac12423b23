import { ChunkDecoder } from '../../decoding/chunk-decoder.ts';
import { MAX_LENGTH_DIGITS } from '../../limits.ts';
import type { Bytes, DecoderOptions } from '../../codec.ts';

const ZERO = 0x30;
const NINE = 0x39;

/** How a format writes a length in ASCII digits. */
export interface DecimalLayout {
  /** The byte between the digits and the payload. */
  readonly separator: number;
  /** Whether a payload may be empty. */
  readonly allowsEmpty: boolean;
  /** The byte after the payload, if any. */
  readonly trailer: number | undefined;
}

/**
 * Decodes frames that start with a length in ASCII digits. Digits are counted before they are parsed, and leading
 * zeros are refused: two parsers could read them as different lengths.
 */
export class DecimalDecoder extends ChunkDecoder {
  readonly #layout: DecimalLayout;
  readonly #trailerBytes: number;
  readonly #header: Bytes = new Uint8Array(MAX_LENGTH_DIGITS + 1);
  #headerFilled = 0;
  #value = 0;
  /** Payload length of the current frame; −1 until its header is complete. */
  #declared = -1;

  constructor(layout: DecimalLayout, maxPayloadBytes: number, options?: DecoderOptions) {
    super(maxPayloadBytes, options);
    this.#layout = layout;
    this.#trailerBytes = layout.trailer === undefined ? 0 : 1;
  }

  override advance(): boolean {
    this.throwIfFailed();
    if (this.#declared < 0 && !this.#readHeader()) return this.wantMore();
    const frameBytes = this.#declared + this.#trailerBytes;
    const available = this.chunkEnd - this.position;
    if (this.partial.length === 0 && available >= frameBytes) return this.#finishInChunk();
    const end = this.position + Math.min(frameBytes - this.partial.length, available);
    this.partial.append(this.chunk, this.position, end, frameBytes);
    this.position = end;
    this.missing = frameBytes - this.partial.length;
    if (this.missing > 0) return this.wantMore();
    if (this.#trailerBytes > 0) this.#checkTrailer(this.partial.peek()[this.#declared]!);
    this.reset();
    return this.foundPartial(this.#trailerBytes);
  }

  override get neededBytes(): number | undefined {
    // In a header at least the separator is missing, and as much payload as its digits so far announce.
    return this.#declared < 0 ? 1 : this.#declared + this.#trailerBytes - this.partial.length;
  }

  /** Whether nothing of a frame was read yet. */
  protected get isBetweenFrames(): boolean {
    return this.#headerFilled === 0;
  }

  protected override heldHeader(): Bytes {
    return this.#header.subarray(0, this.#headerFilled);
  }

  protected override reset(): void {
    this.#headerFilled = 0;
    this.#value = 0;
    this.#declared = -1;
  }

  #finishInChunk(): boolean {
    const start = this.position;
    const end = start + this.#declared;
    if (this.#trailerBytes > 0) this.#checkTrailer(this.chunk[end]!);
    this.position = end + this.#trailerBytes;
    this.reset();
    return this.found(start, end);
  }

  /** Moves header bytes out of the chunk; false while some are missing. */
  #readHeader(): boolean {
    while (this.position < this.chunkEnd) {
      const byte = this.chunk[this.position]!;
      const isComplete = byte === this.#layout.separator && this.#headerFilled > 0;
      if (isComplete) this.#checkLength();
      else this.#readDigit(byte);
      this.#header[this.#headerFilled++] = byte;
      this.position++;
      if (isComplete) {
        this.#declared = this.#value;
        return true;
      }
    }
    return false;
  }

  #readDigit(byte: number): void {
    if (byte < ZERO || byte > NINE) {
      const where = this.#headerFilled === 0 ? 'where a length must start' : 'in a length';
      throw this.fail('FRAME_ERR_MALFORMED_LENGTH', `byte ${show(byte)} ${where}; allowed: digits${this.#endedBy()}`);
    }
    if (this.#headerFilled === 0 ? byte === ZERO && !this.#layout.allowsEmpty : this.#header[0] === ZERO) {
      throw this.fail('FRAME_ERR_MALFORMED_LENGTH', 'a length starts with a zero');
    }
    if (this.#headerFilled === MAX_LENGTH_DIGITS) {
      const limit = MAX_LENGTH_DIGITS;
      throw this.fail('FRAME_ERR_HEADER_TOO_LONG', `length of more than ${limit} digits, limit ${limit}`, { declared: limit + 1, limit });
    }
    this.#value = this.#value * 10 + (byte - ZERO);
  }

  #endedBy(): string {
    return this.#headerFilled === 0 ? '' : ` and ${show(this.#layout.separator)} after them`;
  }

  // Checked on the byte that completes the header: a header alone must not make us allocate.
  #checkLength(): void {
    const declared = this.#value;
    const limit = this.maxPayloadBytes;
    if (declared > Number.MAX_SAFE_INTEGER) {
      throw this.fail('FRAME_ERR_UNSAFE_INTEGER', `length of about ${declared} bytes, limit ${limit}`, { declared, limit });
    }
    if (declared > limit) throw this.fail('FRAME_ERR_TOO_LARGE', `payload of ${declared} bytes, limit ${limit}`, { declared, limit });
  }

  #checkTrailer(seen: number): void {
    const { trailer } = this.#layout;
    if (seen === trailer) return;
    const message = `byte ${show(seen)} after a payload of ${this.#declared} bytes, expected ${show(trailer!)}`;
    throw this.fail('FRAME_ERR_BAD_TRAILER', message);
  }
}

function show(byte: number): string {
  const hex = `0x${byte.toString(16).padStart(2, '0')}`;
  return byte > 0x20 && byte < 0x7f ? `'${String.fromCharCode(byte)}' (${hex})` : hex;
}

/** `length` in ASCII digits, followed by `separator`. */
export function decimalHeader(length: number, separator: number): Bytes {
  const digits = `${length}`;
  const header = new Uint8Array(digits.length + 1);
  for (let at = 0; at < digits.length; at++) header[at] = digits.charCodeAt(at);
  header[digits.length] = separator;
  return header;
}
