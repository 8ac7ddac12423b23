import { createSideDecoder, FrameError, FRAMINGS, framingOf } from '@socklab/framing';
import { ProbeError } from '../errors.ts';
import { anatomyOf } from './frame-anatomy.ts';
import { MAX_SEND_BYTES } from './limits.ts';
import type { Bytes, FrameSpan, Span } from '../types.ts';
import type { ByteCodec, ByteDecoder, FramingEntry, Layout } from '@socklab/framing';

/** The names of the framings with boundaries: all but `raw`. */
export const framingsWithFrames: readonly string[] = FRAMINGS.filter(({ keepsBoundaries }) => keepsBoundaries).map(({ name }) => name);

/**
 * Finds the frames in `bytes`, with the framing of that name.
 *
 * @throws ProbeError `PROBE_ERR_FRAMING` when there is no such framing, or when the bytes are not whole frames of it.
 */
export function framesOf(bytes: Bytes, framing: string): readonly FrameSpan[] {
  const codec = framingCodec(framing);
  const entry = framingOf(framing);
  const begun = preambleSpans(entry, bytes);
  if (begun !== undefined) return begun.map((span) => ('payloadStart' in span ? span : dissect(codec, entry.layout, bytes, span)));
  const { layout, name } = entry;
  try {
    return frameEnds(codec.createDecoder(), bytes).map((span) => dissect(codec, layout, bytes, span));
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    throw new ProbeError('PROBE_ERR_FRAMING', `the request is not framed as ${name}: ${error.message}`, { cause: error });
  }
}

/**
 * The codec of a framing with boundaries.
 *
 * @throws ProbeError `PROBE_ERR_FRAMING` naming those there are.
 */
export function framingCodec(framing: string): ByteCodec {
  const { name, keepsBoundaries, create, maxPayloadBytes } = entryOf(framing);
  if (!keepsBoundaries) {
    throw new ProbeError('PROBE_ERR_FRAMING', `the framing ${name} keeps no boundaries; allowed: ${framingsWithFrames.join(', ')}`);
  }
  return create({ maxPayloadBytes: Math.min(MAX_SEND_BYTES, maxPayloadBytes) });
}

function entryOf(framing: string): FramingEntry {
  try {
    return framingOf(framing);
  } catch (error) {
    if (error instanceof RangeError) throw new ProbeError('PROBE_ERR_FRAMING', error.message, { cause: error });
    throw error;
  }
}

/** The frames of bytes that start with a preamble, if they do; each of its steps is a frame, all of it payload. */
function preambleSpans(entry: FramingEntry, bytes: Bytes): readonly (Span | FrameSpan)[] | undefined {
  if (entry.layout.preamble === undefined) return undefined;
  for (const side of ['client', 'server'] as const) {
    const spans: (Span | FrameSpan)[] = [];
    const decoder = createSideDecoder(entry, side, { maxPayloadBytes: MAX_SEND_BYTES });
    try {
      for (const span of frameEnds(decoder, bytes, () => decoder.isPreamble === true)) spans.push(span);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      continue;
    }
    if (spans[0] !== undefined && 'payloadStart' in spans[0]) return spans;
  }
  return undefined;
}

// The decoder never gets more than its next step needs, so that a frame ends exactly where it was found.
function frameEnds(decoder: ByteDecoder, bytes: Bytes, isPreamble: () => boolean = () => false): readonly (Span | FrameSpan)[] {
  const spans: (Span | FrameSpan)[] = [];
  let start = 0;
  let at = 0;
  while (at < bytes.length) {
    const end = at + (decoder.neededBytes ?? 1);
    decoder.push(bytes.subarray(at, end));
    at = Math.min(end, bytes.length);
    while (decoder.advance()) {
      spans.push(isPreamble() ? { start, end: at, payloadStart: start, payloadEnd: at } : { start, end: at });
      start = at;
    }
  }
  decoder.end();
  return spans;
}

function dissect(codec: ByteCodec, layout: Layout, bytes: Bytes, { start, end }: Span): FrameSpan {
  const frame = bytes.subarray(start, end);
  const payload = payloadOf(codec.createDecoder(), frame);
  const { length, payloadStart, payloadEnd } = anatomyOf(layout, frame, payload.start);
  return {
    start,
    end,
    payloadStart: start + Math.min(payloadStart ?? payload.start, frame.length),
    payloadEnd: start + Math.max(payloadEnd ?? payload.end, payloadStart ?? payload.start),
    ...(length === undefined ? {} : { length: { start: start + length.start, end: start + length.end } }),
  };
}

/** Where the payload is in a frame; the whole frame where it is escaped. */
function payloadOf(decoder: ByteDecoder, frame: Bytes): Span {
  decoder.push(frame);
  decoder.advance();
  const { payloadMemory, payloadStart, payloadEnd } = decoder;
  const payload = payloadMemory.subarray(payloadStart, payloadEnd);
  // Unescaped by the decoder, a payload is counted from its own start: one byte of SLIP or COBS comes before it.
  for (const start of [payloadStart, payloadStart + 1]) {
    const end = start + payload.length;
    if (end <= frame.length && payload.every((byte, index) => byte === frame[start + index])) return { start, end };
  }
  return { start: 0, end: frame.length };
}
