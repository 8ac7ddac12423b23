import { layoutReader } from './codec-of.ts';
import { PreambleDecoder } from './preamble-decoder.ts';
import { stepsOf } from './preamble-steps.ts';
import type { ByteDecoder, DecoderOptions } from '../codec.ts';
import type { LimitOptions } from './codec-of.ts';
import type { FramingEntry } from './entry.ts';
import type { Side } from './layout.ts';

/** A decoder of what one side of a connection sends. */
export interface SideDecoder extends ByteDecoder {
  /** Whether the last found payload belongs to the preamble. */
  readonly isPreamble?: boolean;
}

/**
 * Makes the decoder of what one side sends, from its first byte on: each step before the frames is returned as a frame with all of its
 * bytes, and `isPreamble` is true then. Without a preamble it is the codec's own decoder. A limit beyond the range of the format is
 * lowered to it.
 *
 * @throws RangeError that says where the preamble is wrong: `framingOf` does not check it, `readFraming` does.
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
