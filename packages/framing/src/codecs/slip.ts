import { checkPayload } from '../check-bytes.ts';
import { ChunkDecoder } from '../decoding/chunk-decoder.ts';
import { FrameError } from '../errors.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../limits.ts';
import { MeasuredCodec } from './measured-codec.ts';
import { plainFormat } from './plain-format.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../codec.ts';

const END = 0xc0;
const ESC = 0xdb;
const ESCAPED_END = 0xdc;
const ESCAPED_ESC = 0xdd;

/** Options of {@link slip}. */
export interface SlipOptions {
  /** Longest payload in bytes, an escape counted as one byte. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
}

/**
 * The payload between two END bytes (C0); inside, DB DC stands for C0 and DB DD for DB. Source: RFC 1055.
 *
 * ```
 *  0    1               1+m  2+m
 *  +----+----------------+----+     "hi" -> c0 68 69 c0
 *  | C0 | payload, m ≥ n | C0 |     c0   -> c0 db dc c0
 *  +----+----------------+----+
 * ```
 *
 * The first END is optional when reading, as many senders omit it, and any number of ENDs may stand between frames: RFC 1055
 * sends the first END to flush line noise. So a frame starts with its first payload byte, and ENDs before it are idle.
 *
 * Errors: `FRAME_ERR_TOO_LARGE` on the first byte over the limit; `FRAME_ERR_BAD_ESCAPE` when DB is not followed by DC or
 * DD; `FRAME_ERR_PAYLOAD` when an empty payload is encoded, which readers take for two ENDs.
 */
export function slip({ maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES }: SlipOptions = {}): ByteCodec {
  return plainFormat(new SlipCodec(checkedLimit(maxPayloadBytes)), {
    summary: 'C0 at both ends, escapes inside (RFC 1055); none is empty',
    isCanonical: false,
  });
}

class SlipCodec extends MeasuredCodec {
  override readonly name = 'slip';

  override createDecoder(options?: DecoderOptions): ByteDecoder {
    return new SlipDecoder(this.maxPayloadBytes, options);
  }

  protected override frameBytes(payload: BytesIn): number {
    checkPayload(payload, this.maxPayloadBytes);
    if (payload.length === 0) throw new FrameError('FRAME_ERR_PAYLOAD', 'a SLIP payload has at least one byte, received 0');
    let byteLength = payload.length + 2;
    for (let at = 0; at < payload.length; at++) if (payload[at] === END || payload[at] === ESC) byteLength++;
    return byteLength;
  }

  protected override write(target: Bytes, offset: number, payload: BytesIn): void {
    let to = offset;
    target[to++] = END;
    for (let at = 0; at < payload.length; at++) {
      const byte = payload[at]!;
      if (byte === END || byte === ESC) {
        target[to++] = ESC;
        target[to++] = byte === END ? ESCAPED_END : ESCAPED_ESC;
      } else {
        target[to++] = byte;
      }
    }
    target[to] = END;
  }
}

/** Collects frames as they are on the wire, at most twice the limit, and removes escapes once a frame is complete. */
class SlipDecoder extends ChunkDecoder {
  /** Payload bytes seen; an escape counts from its first byte on. */
  #payloadBytes = 0;
  #isInEscape = false;

  override advance(): boolean {
    this.throwIfFailed();
    if (this.#payloadBytes === 0) this.#skipEnds();
    const end = this.#search();
    if (end < 0) return this.#hold();
    const start = this.position;
    const payloadBytes = this.#payloadBytes;
    const rawBytes = this.partial.length + (end - start);
    this.reset();
    this.position = end + 1;
    if (rawBytes === payloadBytes && this.partial.length === 0) return this.found(start, end);
    if (end > start) this.partial.append(this.chunk, start, end, rawBytes);
    if (rawBytes > payloadBytes) takeEscapesOut(this.partial.peek());
    return this.foundPartial(rawBytes - payloadBytes);
  }

  override get neededBytes(): number {
    // The END after the payload, and before it the rest of an escape or the payload's first byte.
    return this.#isInEscape || this.#payloadBytes === 0 ? 2 : 1;
  }

  protected override reset(): void {
    this.#payloadBytes = 0;
    this.#isInEscape = false;
  }

  /** Skips the ENDs before a payload. */
  #skipEnds(): void {
    const start = this.position;
    while (this.position < this.chunkEnd && this.chunk[this.position] === END) this.position++;
    this.skippedBytes += this.position - start;
  }

  /** The offset of the END after the payload, or −1. */
  #search(): number {
    const { chunk, chunkEnd, maxPayloadBytes } = this;
    let payloadBytes = this.#payloadBytes;
    let isInEscape = this.#isInEscape;
    for (let at = this.position; at < chunkEnd; at++) {
      const byte = chunk[at]!;
      if (isInEscape) {
        if (byte !== ESCAPED_END && byte !== ESCAPED_ESC) throw this.#refuseEscape(byte);
        isInEscape = false;
        continue;
      }
      if (byte === END) {
        this.#payloadBytes = payloadBytes;
        return at;
      }
      if (++payloadBytes > maxPayloadBytes) throw this.#refuse(payloadBytes);
      isInEscape = byte === ESC;
    }
    this.#payloadBytes = payloadBytes;
    this.#isInEscape = isInEscape;
    return -1;
  }

  #hold(): boolean {
    if (this.position < this.chunkEnd) this.partial.append(this.chunk, this.position, this.chunkEnd, this.maxPayloadBytes * 2);
    this.position = this.chunkEnd;
    return this.wantMore();
  }

  #refuseEscape(byte: number): FrameError {
    const seen = byte.toString(16).padStart(2, '0');
    return this.fail('FRAME_ERR_BAD_ESCAPE', `byte ${seen} after the escape db; allowed: dc and dd`);
  }

  #refuse(payloadBytes: number): FrameError {
    return this.fail('FRAME_ERR_TOO_LARGE', `payload of at least ${payloadBytes} bytes, limit ${this.maxPayloadBytes}`, {
      declared: payloadBytes,
      limit: this.maxPayloadBytes,
    });
  }
}

function takeEscapesOut(raw: Bytes): void {
  let to = raw.indexOf(ESC);
  for (let from = to; from < raw.length; from++) {
    const byte = raw[from]!;
    raw[to++] = byte === ESC ? (raw[++from] === ESCAPED_END ? END : ESC) : byte;
  }
}
