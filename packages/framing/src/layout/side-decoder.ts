import { layoutReader } from './codec-of.ts';
import { PreambleDecoder } from './preamble-decoder.ts';
import { stepsOf } from './preamble-steps.ts';
import type { ByteDecoder, DecoderOptions } from '../codec.ts';
import type { LimitOptions } from './codec-of.ts';
import type { FramingEntry } from './entry.ts';
import type { Side } from './layout.ts';

/** A decoder of what one side of a connection sends. */
export interface SideDecoder extends ByteDecoder {
  /** Whether what was found last stood before the frames. */
  readonly isPreamble?: boolean;
}

/**
 * Makes the decoder of what one side sends, from its first byte on: what comes before the frames is handed out as a frame each, all of its
 * bytes, and then `isPreamble` is true. Without a preamble it is the codec's own decoder. A limit beyond what the format can express is
 * lowered to that.
 *
 * @throws RangeError that says where the preamble is wrong: `framingOf` does not look at it, `readFraming` does.
 */
export function createSideDecoder(
  { layout, create, maxPayloadBytes: longest }: FramingEntry,
  from: Side,
  { maxPayloadBytes, ...options }: LimitOptions & DecoderOptions = {},
): SideDecoder {
  const codec = create(maxPayloadBytes === undefined ? {} : { maxPayloadBytes: Math.min(maxPayloadBytes, longest) });
  const frames = codec.createDecoder(options);
  const steps = stepsOf(layoutReader(layout, 'layout')).filter((step) => (step.from ?? from) === from);
  return steps.length === 0 ? frames : new PreambleDecoder(steps, frames);
}
