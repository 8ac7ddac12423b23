import { checkPayload } from '../../check-bytes.ts';
import { frameMemory } from '../../frame-memory.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../../limits.ts';
import { plainFormat } from '../plain-format.ts';
import { DecimalDecoder, decimalHeader } from './decimal-decoder.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn, DecoderOptions } from '../../codec.ts';
import type { FrameWriter } from '../../writer.ts';
import type { DecimalLayout } from './decimal-decoder.ts';

const COLON = 0x3a;
const COMMA = 0x2c;
const LAYOUT: DecimalLayout = { separator: COLON, allowsEmpty: true, trailer: COMMA };

/** Options of {@link netstring}. */
export interface NetstringOptions {
  /** Longest payload, in bytes. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
}

/**
 * The payload's length in ASCII digits, a colon, the payload, a comma. Source: D. J. Bernstein, Netstrings, 1997.
 *
 * ```
 *  +---------------+-----+------------+-----+
 *  | n: 1–16 digits| ':' | payload: n | ',' |     "hi" -> 32 3a 68 69 2c ("2:hi,")
 *  +---------------+-----+------------+-----+
 * ```
 *
 * Errors: `FRAME_ERR_TOO_LARGE` on the colon, before any payload is stored; `FRAME_ERR_MALFORMED_LENGTH` for other
 * characters than digits and for a leading zero; `FRAME_ERR_HEADER_TOO_LONG` on the 17th digit; `FRAME_ERR_UNSAFE_INTEGER`
 * beyond 2^53 − 1; `FRAME_ERR_BAD_TRAILER` when no comma follows the payload.
 */
export function netstring({ maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES }: NetstringOptions = {}): ByteCodec {
  return plainFormat(new NetstringCodec(checkedLimit(maxPayloadBytes)), {
    summary: 'length in digits, colon, payload, comma (djb)',
    isCanonical: true,
  });
}

class NetstringCodec implements ByteCodec {
  readonly name = 'netstring';
  readonly maxPayloadBytes: number;

  constructor(maxPayloadBytes: number) {
    this.maxPayloadBytes = maxPayloadBytes;
  }

  createDecoder(options?: DecoderOptions): ByteDecoder {
    return new DecimalDecoder(LAYOUT, this.maxPayloadBytes, options);
  }

  encode(payload: BytesIn): Bytes {
    const header = this.#header(payload);
    const frame = frameMemory(header.length + payload.length + 1);
    write(frame, 0, header, payload);
    return frame;
  }

  encodeInto(writer: FrameWriter, payload: BytesIn): void {
    const header = this.#header(payload);
    const offset = writer.reserve(header.length + payload.length + 1);
    write(writer.bytes, offset, header, payload);
  }

  #header(payload: BytesIn): Bytes {
    checkPayload(payload, this.maxPayloadBytes);
    return decimalHeader(payload.length, COLON);
  }
}

function write(target: Bytes, offset: number, header: Bytes, payload: BytesIn): void {
  target.set(header, offset);
  target.set(payload, offset + header.length);
  target[offset + header.length + payload.length] = COMMA;
}
