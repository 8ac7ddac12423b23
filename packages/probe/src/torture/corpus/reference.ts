import { FrameError } from '@socklab/framing';
import { concatBytes } from '../../bytes/concat-bytes.ts';
import type { Bytes } from '../../types.ts';
import type { DuePayload, StreamEnding } from './corpus.ts';
import type { FrameErrorCode, FramingEntry } from '@socklab/framing';

/** The result of the framing's own decoder for a stream. */
export interface Reading {
  readonly payloads: readonly DuePayload[];
  readonly ending: StreamEnding;
  /** After how many bytes the stream is refused. */
  readonly refusedAt?: number;
  readonly code?: FrameErrorCode;
}

/** Decodes a stream in the smallest steps, to find which byte completes or breaks a frame. */
export function readingOf(entry: FramingEntry, limit: number, wire: Bytes): Reading {
  const decoder = entry.create({ maxPayloadBytes: Math.min(limit, entry.maxPayloadBytes) }).createDecoder({ payload: 'copy' });
  const payloads: DuePayload[] = [];
  let at = 0;
  const drain = (): void => {
    for (let bytes = decoder.next(); bytes !== undefined; bytes = decoder.next()) payloads.push({ bytes, due: at });
  };
  try {
    while (at < wire.length) {
      const start = at;
      at = Math.min(at + (decoder.neededBytes ?? 1), wire.length);
      decoder.push(wire.subarray(start, at));
      drain();
    }
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    return { payloads, ending: 'refused', refusedAt: at, code: error.code };
  }
  try {
    decoder.end();
    at = wire.length + 1;
    drain();
    return { payloads, ending: 'clean' };
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    return { payloads, ending: 'truncated', code: error.code };
  }
}

/** Concatenated frames. */
export function joined(frames: readonly Bytes[]): Bytes {
  return frames.length === 0 ? new Uint8Array(0) : concatBytes(frames);
}
