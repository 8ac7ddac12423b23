import { framingOf } from '@socklab/framing';
import { ProbeError } from '../../errors.ts';
import { framesOf } from '../../exchange/frames.ts';
import { addChangedBytes, addExtremeLengths, addLimit, addTruncated } from './broken-streams.ts';
import { CorpusBuilder, WIDE_LIMIT } from './builder.ts';
import { edgeLengths, frameMakerOf } from './frame-maker.ts';
import { patternBytes } from './pattern.ts';
import { readingOf } from './reference.ts';
import { addSeveral, addSingle, singlesOf, tellingPayloads, text } from './whole-streams.ts';
import type { Bytes } from '../../types.ts';
import type { TortureCorpus } from './corpus.ts';

/** Options of {@link tortureCorpus}. */
export interface CorpusOptions {
  /** Whole frames to use instead of generated ones: for decoders that also parse payloads. At least one, at most 64, together at most 1 MiB. */
  readonly frames?: readonly Bytes[];
}

const MAX_FRAMES = 64;
const MAX_FRAME_BYTES = 1_048_576;

/** The limit, in bytes: payloads of exactly this length and of one byte more are tried. */
const LIMIT = 100;

/**
 * Makes the corpus of a framing: streams with the results of its own decoder, and how each is cut.
 *
 * @param framing - anything that `framingOf` of `@socklab/framing` takes: a name, a short form, a layout as JSON.
 * @throws ProbeError `PROBE_ERR_FRAMING` when there is no such framing, it has no boundaries, or the frames do not match it.
 */
export function tortureCorpus(framing: string, { frames }: CorpusOptions = {}): TortureCorpus {
  const builder = new CorpusBuilder(entryOf(framing));
  if (frames === undefined) addMade(builder);
  else addGiven(builder, frames);
  const corpus = builder.build();
  if (corpus.groups.length === 0)
    throw new ProbeError('PROBE_ERR_NO_TRIALS', `no frame can be made of ${corpus.framing}: give some whole ones`);
  return corpus;
}

function entryOf(framing: string): ReturnType<typeof framingOf> {
  try {
    const entry = framingOf(framing);
    if (entry.keepsBoundaries) return entry;
    throw new RangeError(`the framing ${entry.name} keeps no boundaries: there is nothing that a decoder could get wrong`);
  } catch (error) {
    if (error instanceof RangeError) throw new ProbeError('PROBE_ERR_FRAMING', error.message, { cause: error });
    throw error;
  }
}

/** Frames generated from the layout. */
function addMade(builder: CorpusBuilder): void {
  const { entry } = builder;
  const make = frameMakerOf(entry);
  const lengths = entry.layout.kind === 'fixed' ? [entry.layout.byteLength] : edgeLengths(make);
  const frameOf = (payload: Bytes): Bytes | undefined => make(payload);
  const hello = frameOf(text('hello')) ?? lengths.map((length) => frameOf(patternBytes(length))).find((frame) => frame !== undefined);
  if (hello === undefined) return;
  addSingle(builder, builder.frames('hello', [hello]));
  for (const { payload, about } of [...tellingPayloads(make), ...singlesOf(lengths)])
    addSingle(builder, builder.frames(about, [frameOf(payload)]));
  const short = frameOf(text('a')) ?? hello;
  const third = frameOf(text('xyz')) ?? hello;
  addSeveral(builder, [hello, short, third], [frameOf(patternBytes(70_000)), frameOf(new Uint8Array(0))]);
  builder.try('empty', builder.frames('nothing at all', []), 'none');
  addTruncated(builder, builder.frames('three payloads', [hello, short, third]));
  addTruncated(builder, builder.frames('a payload of 300 bytes', [frameOf(patternBytes(300))]));
  const [atLimit, over] = [frameOf(patternBytes(LIMIT)), frameOf(patternBytes(LIMIT + 1))];
  if (atLimit !== undefined && over !== undefined) addLimit(builder, hello, atLimit, over);
  addBroken(builder, hello);
}

function addBroken(builder: CorpusBuilder, wire: Bytes): void {
  const [span] = framesOf(wire, builder.entry.text);
  // Where payloads are whole frames, the header counts.
  const limit = Math.max(LIMIT, wire.length);
  if (span === undefined) return;
  addExtremeLengths(builder, wire, span, limit);
  addChangedBytes(builder, wire, span, limit);
}

/** Given frames: their contents are unknown, so nothing in them is changed but where they are cut. */
function addGiven(builder: CorpusBuilder, given: readonly Bytes[]): void {
  const all = given.reduce((sum, { length }) => sum + length, 0);
  if (given.length < 1 || given.length > MAX_FRAMES || all > MAX_FRAME_BYTES) {
    throw new ProbeError(
      'PROBE_ERR_EXCHANGE',
      `${given.length} frames of ${all} bytes; allowed: 1 to ${MAX_FRAMES} of at most ${MAX_FRAME_BYTES}`,
    );
  }
  for (const [index, frame] of given.entries()) {
    const { payloads, ending } = readingOf(builder.entry, WIDE_LIMIT, frame);
    if (ending !== 'clean' || payloads.length !== 1) {
      throw new ProbeError('PROBE_ERR_FRAMING', `frame ${index} is not one whole frame of ${builder.entry.name}`);
    }
    const stream = builder.frames(`frame ${index}`, [frame]);
    addSingle(builder, stream);
    addTruncated(builder, stream);
  }
  const [first, second = first, third = first] = given as readonly [Bytes, ...Bytes[]];
  const long = given.toSorted((left, right) => right.length - left.length)[0];
  addSeveral(builder, [first, second, third], [long, undefined]);
}
