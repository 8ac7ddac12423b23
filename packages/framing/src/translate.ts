/** Layouts in other languages: decoders without dependencies, dissectors, and formats of other tools. */

export { decoderSource, TARGETS } from './translate/decoder-source.ts';
export { layoutOfKaitai } from './translate/from-kaitai.ts';
export type { DecoderSourceOptions, Target } from './translate/decoder-source.ts';
