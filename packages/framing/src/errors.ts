/**
 * What can be wrong with a frame. Test `error.code`, not the class: two copies of a library can meet in one process.
 */
export type FrameErrorCode =
  /** A payload is longer than the limit, or longer than the length field can say. */
  | 'FRAME_ERR_TOO_LARGE'
  /** A length field holds what no length can be: a negative number, no number, or one that two readers may read differently. */
  | 'FRAME_ERR_MALFORMED_LENGTH'
  /** A length is beyond 2^53 − 1 and cannot be represented exactly. */
  | 'FRAME_ERR_UNSAFE_INTEGER'
  /** Constant bytes that begin or mark a frame are not what they must be. */
  | 'FRAME_ERR_BAD_MAGIC'
  /** The constant bytes after a payload are not what they must be. */
  | 'FRAME_ERR_BAD_TRAILER'
  /** A checksum after a payload does not fit what arrived. */
  | 'FRAME_ERR_BAD_CHECKSUM'
  /** A variable-length integer has more bytes than allowed, or than it needs. */
  | 'FRAME_ERR_OVERLONG_VARINT'
  /** A header goes on past its limit. */
  | 'FRAME_ERR_HEADER_TOO_LONG'
  /** An escape stands for no byte, or a stuffing code for no run of bytes. */
  | 'FRAME_ERR_BAD_ESCAPE'
  /** The stream ended inside a frame. */
  | 'FRAME_ERR_TRUNCATED'
  /** A frame that began did not complete in time. Only `framed` of `@socklab/framing/node` watches the time. */
  | 'FRAME_ERR_TIMEOUT'
  /** A payload cannot be carried by this format, as it would not be read back as it was; or its payload codec cannot read it. */
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

/** Where and what a {@link FrameError} saw. */
export interface FrameErrorDetails {
  /** Offset in the stream, in bytes, of the frame that is wrong. 0 when encoding. */
  readonly offset?: number;
  /** How many frames were complete before it. 0 when encoding. */
  readonly frameIndex?: number;
  /** The length that was declared or seen, in bytes. */
  readonly declared?: number;
  /** The length that is allowed, in bytes. */
  readonly limit?: number;
  /** The first bytes of the frame, at most 16, in hex. */
  readonly hex?: string;
}

/** Thrown by codecs and decoders, and nothing else is. */
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
