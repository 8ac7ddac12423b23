import { described } from '../../described.ts';
import { FrameError } from '../../errors.ts';
import { toHex } from '../../hex.ts';
import { DEFAULT_MAX_PAYLOAD_BYTES, checkedLimit } from '../../limits.ts';
import { measuredCodec } from '../custom.ts';
import type { ByteCodec, ByteDecoder, Bytes, BytesIn } from '../../codec.ts';

/** One of the formats of a stream, and what its frames begin with. */
export interface Alternative {
  /** What a frame of this format begins with. Only the last may have none: it takes what begins otherwise. */
  readonly startsWith?: BytesIn;
  readonly codec: ByteCodec;
}

/** Options of {@link choice}. */
export interface ChoiceOptions {
  /** The first whose beginning fits decides. */
  readonly of: readonly Alternative[];
  /** Longest frame, in bytes. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
}

interface Progress {
  decoder: ByteDecoder | undefined;
  /** How many bytes it was given. */
  fed: number;
}

/**
 * Frames of several formats in one stream, each told by its first bytes: RTSP's interleaved packets, which begin with `$`, between its texts; GT06's short
 * and long frames. Payloads are whole frames.
 *
 * Errors: those of the formats; `FRAME_ERR_BAD_MAGIC` when a frame begins as none does.
 *
 * @throws RangeError when there are not 2 to 16 formats, or one but the last has no beginning.
 */
export function choice({ of, maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES }: ChoiceOptions): ByteCodec {
  const alternatives = of.map(({ startsWith, codec }) => ({ codec, startsWith: new Uint8Array(startsWith ?? []) }));
  if (alternatives.length < 2 || alternatives.length > 16)
    throw new RangeError(`${alternatives.length} formats to choose from; allowed: 2 to 16`);
  if (alternatives.slice(0, -1).some(({ startsWith }) => startsWith.length === 0)) {
    throw new RangeError('a format without a beginning takes every frame, so it must be the last');
  }
  const format = {
    measure: (bytes: BytesIn, start: number, end: number, progress: Progress): number =>
      measured(alternatives, bytes, start, end, progress),
    state: (): Progress => ({ decoder: undefined, fed: 0 }),
    unwrap: undefined,
    maxPayloadBytes: checkedLimit(maxPayloadBytes),
    maxFrameBytes: maxPayloadBytes,
    maxHeaderBytes: Number.POSITIVE_INFINITY,
  };
  return described(measuredCodec('choice', format), () => ({ choice: of }));
}

type Checked = readonly { readonly codec: ByteCodec; readonly startsWith: Bytes }[];

function measured(alternatives: Checked, bytes: BytesIn, start: number, end: number, progress: Progress): number {
  progress.decoder ??= chosen(alternatives, bytes, start, end)?.createDecoder();
  const { decoder } = progress;
  if (decoder === undefined) return 0;
  // Never more than its next step needs, so that a frame ends exactly where it was found.
  while (start + progress.fed < end) {
    const from = start + progress.fed;
    const to = Math.min(from + (decoder.neededBytes ?? 1), end);
    progress.fed = to - start;
    if (isFound(decoder, bytes.subarray(from, to))) return progress.fed;
  }
  return 0;
}

function isFound(decoder: ByteDecoder, bytes: BytesIn): boolean {
  try {
    decoder.push(bytes);
    return decoder.advance();
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    const { code, message, declared, limit } = error;
    // The place is told anew: this decoder began at the frame.
    const [what] = message.split(' (frame 0 at byte 0');
    throw new FrameError(code, what!, { ...(declared !== undefined && { declared }), ...(limit !== undefined && { limit }) });
  }
}

function chosen(alternatives: Checked, bytes: BytesIn, start: number, end: number): ByteCodec | undefined {
  for (const { codec, startsWith } of alternatives) {
    const seen = Math.min(startsWith.length, end - start);
    if (!startsWith.subarray(0, seen).every((byte, index) => byte === bytes[start + index])) continue;
    // It may yet be this one: more bytes tell.
    return seen === startsWith.length ? codec : undefined;
  }
  const allowed = alternatives.map(({ startsWith }) => toHex(startsWith)).join(' or ');
  throw new FrameError(
    'FRAME_ERR_BAD_MAGIC',
    `a frame begins with ${allowed}, received ${toHex(bytes.subarray(start, Math.min(end, start + 16)))}`,
  );
}
