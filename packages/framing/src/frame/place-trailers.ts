import { fixedWidthOf } from '../fields/length-field.ts';
import type { Bytes } from '../codec.ts';
import type { Checksum } from './checksum.ts';
import type { Trailer } from './options.ts';

/** A place in the header: an offset from its start, or from the end of the length. */
export interface HeaderEdge {
  readonly at: number;
  readonly isAfterLength: boolean;
}

/** Where a part of the header begins and ends. */
export interface HeaderSpan {
  readonly start: HeaderEdge;
  readonly end: HeaderEdge;
}

/** Constant bytes after the payload, `at` bytes after the padding. */
interface PlacedConstant {
  readonly at: number;
  readonly bytes: Bytes;
}

/** A checksum after the payload, `at` bytes after the padding. */
export interface PlacedChecksum {
  readonly at: number;
  readonly byteLength: number;
  readonly checksum: Checksum;
  /** The part of the header that it covers; `undefined` for none. */
  readonly header: HeaderSpan | undefined;
  readonly coversPayload: boolean;
}

export type PlacedTrailer = PlacedConstant | PlacedChecksum;

/** Most trailers of one frame. */
const MAX_TRAILERS = 8;

/**
 * Places trailers one after the other.
 *
 * @throws RangeError when there are too many, one varies in width, or covers parts of the header that do not exist.
 */
export function placeTrailers(
  trailer: Trailer | readonly Trailer[] | undefined,
  spans: ReadonlyMap<string, HeaderSpan>,
): { readonly trailers: readonly PlacedTrailer[]; readonly trailerBytes: number } {
  const list = trailer === undefined ? [] : Array.isArray(trailer) ? (trailer as readonly Trailer[]) : [trailer as Trailer];
  if (list.length > MAX_TRAILERS) throw new RangeError(`${list.length} trailers; allowed: ${MAX_TRAILERS}`);
  const trailers: PlacedTrailer[] = [];
  let trailerBytes = 0;
  for (const part of list) {
    // A copy: a caller that later changes its bytes must not change the format.
    const placed = 'bytes' in part ? { at: trailerBytes, bytes: new Uint8Array(part.bytes) } : placeChecksum(part, trailerBytes, spans);
    trailers.push(placed);
    trailerBytes += 'bytes' in placed ? placed.bytes.length : placed.byteLength;
  }
  return { trailers, trailerBytes };
}

function placeChecksum(checksum: Checksum, at: number, spans: ReadonlyMap<string, HeaderSpan>): PlacedChecksum {
  const { field, covers, name } = checksum;
  const byteLength = fixedWidthOf(field);
  if (byteLength === undefined) throw new RangeError(`${name} is written as ${field.name}; allowed: fields of a fixed width`);
  const placed = { at, byteLength, checksum, coversPayload: true };
  if (covers === 'payload') return { ...placed, header: undefined };
  const whole: HeaderSpan = { start: { at: 0, isAfterLength: false }, end: { at: Number.POSITIVE_INFINITY, isAfterLength: true } };
  if (covers === 'headerAndPayload') return { ...placed, header: whole };
  const { start } = spanOf(covers.from, name, spans);
  if (covers.to === undefined) return { ...placed, header: { start, end: whole.end } };
  const { end } = spanOf(covers.to, name, spans);
  if (isBefore(end, start)) throw new RangeError(`${name} covers nothing: ${covers.to} stands before ${covers.from}`);
  return { ...placed, header: { start, end }, coversPayload: false };
}

function spanOf(part: string, name: string, spans: ReadonlyMap<string, HeaderSpan>): HeaderSpan {
  const span = spans.get(part);
  if (span !== undefined) return span;
  throw new RangeError(`${name} covers ${JSON.stringify(part)}; allowed: the parts of the header: ${[...spans.keys()].join(', ')}`);
}

function isBefore(left: HeaderEdge, right: HeaderEdge): boolean {
  return left.isAfterLength === right.isAfterLength ? left.at <= right.at : right.isAfterLength;
}
