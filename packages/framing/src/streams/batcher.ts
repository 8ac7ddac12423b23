import { checkBytes } from '../check-bytes.ts';
import type { BytesIn, Decoder } from '../codec.ts';

/** One step of a source: a chunk, or several that arrived together. */
export type Chunks = BytesIn | readonly BytesIn[];

/**
 * The chunks of one step.
 *
 * @throws TypeError when one is not bytes: text would silently decode to nothing.
 */
export function chunksOf(chunks: Chunks): readonly BytesIn[] {
  const list = Array.isArray(chunks) ? (chunks as readonly BytesIn[]) : [chunks as BytesIn];
  for (const chunk of list) checkBytes(chunk, 'a chunk');
  return list;
}

/** Collects payloads in batches, and keeps an error until those before it were returned. */
export class Batcher<Decoded> {
  readonly #decoder: Decoder<Decoded>;
  #failure: { readonly error: unknown } | undefined;

  constructor(decoder: Decoder<Decoded>) {
    this.#decoder = decoder;
  }

  /** Pushes `chunks` and returns every payload that they complete. {@link Batcher.check} throws the error after them. */
  push(chunks: Chunks): readonly Decoded[] {
    const batch: Decoded[] = [];
    const list = chunks instanceof Uint8Array ? undefined : chunksOf(chunks);
    try {
      if (list === undefined) this.#decode(chunks as BytesIn, batch);
      else for (const chunk of list) this.#decode(chunk, batch);
    } catch (error) {
      this.#failure = { error };
    }
    return batch;
  }

  /** Ends the stream and returns the payloads completed by its end, in formats that have such. */
  end(): readonly Decoded[] {
    const batch: Decoded[] = [];
    try {
      this.#decoder.end();
      this.#drainTo(batch);
    } catch (error) {
      this.#failure = { error };
    }
    return batch;
  }

  /** Throws the error after the last batch, if any. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #decode(chunk: BytesIn, batch: Decoded[]): void {
    this.#decoder.push(chunk);
    this.#drainTo(batch);
  }

  #drainTo(batch: Decoded[]): void {
    for (let payload = this.#decoder.next(); payload !== undefined; payload = this.#decoder.next()) batch.push(payload);
  }
}
