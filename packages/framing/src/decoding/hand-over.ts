import type { Bytes, BytesIn } from '../codec.ts';

/** A decoder that may be followed by another one. */
export interface HandsOver {
  detach(): Bytes;
  /** As `detach`, but what it returns may be a view of the last chunk. */
  takeUndecoded?(): BytesIn;
}

/**
 * What `decoder` has not decoded, for the decoder that follows it. Not a copy where there need be none: a stream whose codec changes with each message would
 * copy the rest of its chunk as often. Throws as `detach` does.
 */
export function handOver(decoder: HandsOver): BytesIn {
  return decoder.takeUndecoded === undefined ? decoder.detach() : decoder.takeUndecoded();
}
