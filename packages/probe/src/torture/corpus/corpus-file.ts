/** The corpus as JSON, for any runner: the files under `vectors/`, whose format is in the README. */

import { CORPUS_VERSION } from './corpus.ts';
import { patternOfBytes } from './pattern.ts';
import type { Bytes } from '../../types.ts';
import type { TortureCorpus, TortureStream } from './corpus.ts';
import type { PatternBytes } from './pattern.ts';

/** Repeated bytes. */
interface Repeated {
  readonly repeat: number;
  readonly of: PatternBytes;
}

/** Fewest equal frames that are written only once. */
const FEWEST_REPEATS = 8;

function lines(items: readonly unknown[]): string {
  return items.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
}

/** Writes a corpus. The same corpus always gives the same text: a line for each stream and for each group of tests. */
export function writeCorpus({ framing, streams, groups }: TortureCorpus): string {
  const head = `{\n  "version": ${CORPUS_VERSION},\n  "framing": ${JSON.stringify(framing)}`;
  return `${head},\n  "streams": [\n${lines(streams.map(streamJson))}\n  ],\n  "tests": [\n${lines(groups)}\n  ]\n}\n`;
}

function streamJson({ about, limit, wire, frames = [], payloads, ending }: TortureStream): object {
  const isRepeated = frames.length >= FEWEST_REPEATS && frames.length === payloads.length;
  const first = isRepeated ? wire.subarray(0, frames[0]!.end) : wire;
  return {
    about,
    limit,
    wire: isRepeated ? repeated(frames.length, first) : patternOfBytes(wire),
    payloads: isRepeated ? repeated(payloads.length, payloads[0]!.bytes) : payloads.map(({ bytes }) => patternOfBytes(bytes)),
    ...(!isRepeated && { due: payloads.map(({ due }) => due) }),
    ending,
  };
}

function repeated(repeat: number, bytes: Bytes): Repeated {
  return { repeat, of: patternOfBytes(bytes) };
}
