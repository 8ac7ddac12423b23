/**
 * What can be wrong with a frame. Test `error.code`, not the class: two copies of a library can meet in one process.
 */
export type FrameErrorCode =
  /** A payload is longer than the limit, or than the length field can express. */
  | 'FRAME_ERR_TOO_LARGE'
  /** A length field holds no valid length: a negative number, no number, or one that two parsers may read differently. */
  | 'FRAME_ERR_MALFORMED_LENGTH'
  /** A length is beyond 2^53 − 1 and cannot be represented exactly. */
  | 'FRAME_ERR_UNSAFE_INTEGER'
  /** Constant bytes at the start of a frame or in its header have other values. */
  | 'FRAME_ERR_BAD_MAGIC'
  /** The constant bytes after a payload have other values. */
  | 'FRAME_ERR_BAD_TRAILER'
  /** The checksum does not match the received bytes. */
  | 'FRAME_ERR_BAD_CHECKSUM'
  /** A variable-length integer has more bytes than allowed, or than it needs. */
  | 'FRAME_ERR_OVERLONG_VARINT'
  /** A header exceeds its limit. */
  | 'FRAME_ERR_HEADER_TOO_LONG'
  /** An escape sequence is invalid, or a stuffing code does not match its run. */
  | 'FRAME_ERR_BAD_ESCAPE'
  /** The stream ended inside a frame. */
  | 'FRAME_ERR_TRUNCATED'
  /** A frame was not completed in time. Only `framed` of `@socklab/framing/node` has a timeout. */
  | 'FRAME_ERR_TIMEOUT'
  /** The format cannot carry a payload so that it is read back unchanged; or its payload codec cannot read it. */
  | 'FRAME_ERR_PAYLOAD';

/** Every {@link FrameErrorCode}, for tables and tests. */
export const FRAME_ERROR_CODES: readonly FrameErrorCode[] = [
  'FRAME_ERR_TOO_LARGE',
  'FRAME_ERR_MALFORMED_LENGTH',
  'FRAME_ERR_UNSAFE_INTEGER',
  'FRAME_ERR_BAD_MAGIC',
  'FRAME_ERR_BAD_TRAILER',
  'FRAME_ERR_BAD_CHECKSUM',
  'FRAME_ERR_OVERLONG_VARINT',
  'FRAME_ERR_HEADER_TOO_LONG',
  'FRAME_ERR_BAD_ESCAPE',
  'FRAME_ERR_TRUNCATED',
  'FRAME_ERR_TIMEOUT',
  'FRAME_ERR_PAYLOAD',
];

/** Where and what a {@link FrameError} found. */
export interface FrameErrorDetails {
  /** Offset in the stream, in bytes, of the frame that is wrong. 0 when encoding. */
  readonly offset?: number;
  /** How many frames were complete before it. 0 when encoding. */
  readonly frameIndex?: number;
  /** The declared or seen length, in bytes. */
  readonly declared?: number;
  /** The allowed length, in bytes. */
  readonly limit?: number;
  /** The first bytes of the frame, at most 16, in hex. */
  readonly hex?: string;
}

/** The only error that codecs and decoders throw for bytes and payloads. */
export class FrameError extends Error {
  readonly code: FrameErrorCode;
  readonly offset: number;
  readonly frameIndex: number;
  readonly declared: number | undefined;
  readonly limit: number | undefined;
  readonly hex: string;

  constructor(code: FrameErrorCode, message: string, details: FrameErrorDetails = {}) {
    super(message);
    this.name = 'FrameError';
    this.code = code;
    this.offset = details.offset ?? 0;
    this.frameIndex = details.frameIndex ?? 0;
    this.declared = details.declared;
    this.limit = details.limit;
    this.hex = details.hex ?? '';
  }
}

/** The error of a payload that is over `limit` bytes. */
export function tooLarge(declared: number, limit: number, details: FrameErrorDetails = {}): FrameError {
  return new FrameError('FRAME_ERR_TOO_LARGE', `payload of ${declared} bytes, limit ${limit}`, { ...details, declared, limit });
}
