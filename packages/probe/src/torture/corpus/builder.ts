import { framesOf } from '../../exchange/frames.ts';
import { joined, readingOf } from './reference.ts';
import type { Bytes, FrameSpan } from '../../types.ts';
import type { Cutting, TortureCorpus, TortureGroup, TorturePlanName, TortureStream } from './corpus.ts';
import type { Reading } from './reference.ts';
import type { FramingEntry } from '@socklab/framing';

/** A limit above all streams. */
export const WIDE_LIMIT: number = 2 ** 22;

/** Collects streams, each once, and their tests. */
export class CorpusBuilder {
  readonly entry: FramingEntry;
  readonly #streams: TortureStream[] = [];
  readonly #groups: TortureGroup[] = [];
  readonly #known = new Map<string, number>();

  constructor(entry: FramingEntry) {
    this.entry = entry;
  }

  /** A stream of whole frames. Adds nothing when one of them cannot be encoded, or is not read back. */
  frames(about: string, frames: readonly (Bytes | undefined)[], limit: number = WIDE_LIMIT): TortureStream | undefined {
    const made = frames.filter((frame) => frame !== undefined);
    if (made.length < frames.length) return undefined;
    const wire = joined(made);
    const reading = readingOf(this.entry, limit, wire);
    if (reading.ending !== 'clean') return undefined;
    return this.keep({ about, limit, wire, ...spansOf(wire, this.entry), payloads: reading.payloads, ending: 'clean' });
  }

  /** A stream whose end is taken from the framing's own decoder; `isWanted` filters it. */
  bytes(about: string, wire: Bytes, limit: number, isWanted: (reading: Reading) => boolean): TortureStream | undefined {
    const reading = readingOf(this.entry, limit, wire);
    if (!isWanted(reading)) return undefined;
    const { payloads, ending, refusedAt = wire.length } = reading;
    return this.keep({ about, limit, wire: wire.subarray(0, refusedAt), payloads, ending });
  }

  /** Tries a stream in some ways. */
  try(plan: TorturePlanName, stream: TortureStream | undefined, ...ways: readonly Cutting[]): void {
    if (stream === undefined) return;
    for (const cuts of ways) {
      if (cuts !== 'none' && typeof cuts === 'string' && stream.wire.length < 2) continue;
      this.#groups.push({ plan, stream: this.#streams.indexOf(stream), cuts });
    }
  }

  /** Streams without tests, which were only made to be cut off, are left out. */
  build(): TortureCorpus {
    const { name, text } = this.entry;
    const used = [...new Set(this.#groups.map(({ stream }) => stream))].toSorted((left, right) => left - right);
    const places = new Map(used.map((stream, place) => [stream, place]));
    const groups = this.#groups.map((group) => ({ ...group, stream: places.get(group.stream)! }));
    return { framing: name, text, streams: used.map((stream) => this.#streams[stream]!), groups };
  }

  /** Adds a stream, or returns the equal one. */
  keep(stream: TortureStream): TortureStream {
    const key = `${stream.limit} ${stream.ending} ${Buffer.from(stream.wire).toString('latin1')}`;
    const known = this.#known.get(key);
    if (known !== undefined) return this.#streams[known]!;
    this.#known.set(key, this.#streams.push(stream) - 1);
    return stream;
  }
}

function spansOf(wire: Bytes, { text }: FramingEntry): { readonly frames?: readonly FrameSpan[] } {
  return wire.length === 0 ? {} : { frames: framesOf(wire, text) };
}
