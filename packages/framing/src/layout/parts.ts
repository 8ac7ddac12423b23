import { isInteger } from '../fields/length-field.ts';
import { websocketLength } from '../fields/websocket-length.ts';
import { readLength } from '../frame/header.ts';
import { compileLayout, paddingOf } from '../frame/layout.ts';
import { layoutReader } from './codec-of.ts';
import { frameOptionsOf } from './frame-layout.ts';
import type { BytesIn } from '../codec.ts';
import type { LengthField } from '../fields/length-field.ts';
import type { FrameLayout } from '../frame/layout.ts';
import type { HeaderPart } from '../frame/options.ts';
import type { FramedLayout } from './layout.ts';

/** A run of bytes of one frame, with its name. */
export interface FramePart {
  readonly kind: 'idle' | 'length' | 'constant' | 'field' | 'opaque' | 'reserved' | 'payload' | 'padding' | 'checksum' | 'trailer';
  /** The layout's name for it; `idle`, `payload`, `padding`, `trailer` or a checksum's name for parts without one. */
  readonly name: string;
  /** Offsets in the frame: of its first byte, and after its last. */
  readonly start: number;
  readonly end: number;
  /** Its number, if it has one and is complete. */
  readonly value?: number;
}

/** Finds the parts of a frame. Of an incomplete frame it returns what is there; empty parts are left out. */
export type PartsFinder = (frame: BytesIn) => readonly FramePart[];

/** Finders by layout: programs ask again for each frame. */
const FINDERS = new WeakMap<FramedLayout, PartsFinder>();

/**
 * Makes the finder of the parts of a layout's frames: the same description reads, writes and explains.
 *
 * @throws RangeError that says where the layout is wrong.
 */
export function partsOf(layout: FramedLayout): PartsFinder {
  const known = FINDERS.get(layout);
  if (known !== undefined) return known;
  const finder = finderOf(layout);
  FINDERS.set(layout, finder);
  return finder;
}

function finderOf(layout: FramedLayout): PartsFinder {
  const options = frameOptionsOf(layoutReader(layout, 'layout'));
  const compiled = compileLayout({ ...options, emit: 'payload' }, { defaultMaxPayloadBytes: Number.MAX_SAFE_INTEGER });
  const header = Object.entries(options.header);
  return (frame) => {
    const frameStart = idleBytes(compiled, frame);
    const parts: FramePart[] = [{ kind: 'idle', name: 'idle', start: 0, end: frameStart }];
    let at = frameStart;
    for (const [name, part] of header) {
      const found = headerParts(name, part, frame, at);
      parts.push(...found);
      at = found.at(-1)?.end ?? at;
    }
    return [...parts, ...bodyParts(compiled, frame, frameStart, at)].filter(({ start, end }) => end > start);
  };
}

/** How many bytes precede the frame and belong to none. */
function idleBytes({ idle }: FrameLayout, frame: BytesIn): number {
  if (idle === undefined) return 0;
  const start = frame.findIndex((byte) => !idle[byte]!);
  return start < 0 ? frame.length : start;
}

function headerParts(name: string, part: HeaderPart, frame: BytesIn, start: number): readonly FramePart[] {
  const run = (kind: FramePart['kind'], byteLength: number): FramePart => ({
    kind,
    name,
    start,
    end: Math.min(start + byteLength, frame.length),
  });
  if ('bytes' in part) return [run('constant', part.bytes.length)];
  if ('opaqueBytes' in part) return [run('opaque', part.opaqueBytes)];
  if ('reservedBytes' in part) return [run('reserved', part.reservedBytes)];
  const width = widthOf(part, frame, start);
  const kind = name === 'length' ? 'length' : 'field';
  if (width === 0 || start + width > frame.length) return [run(kind, frame.length)];
  const value = part.read(frame, start, width);
  if (part !== websocketLength || frame[start]! < 0x80) return [{ ...run(kind, width), value }];
  const maskStart = start + width - 4;
  return [
    { kind, name, start, end: maskStart, value },
    { kind: 'opaque', name: 'masking key', start: maskStart, end: maskStart + 4 },
  ];
}

/** Width of a field; 0 when it is incomplete or invalid. */
function widthOf(field: LengthField, frame: BytesIn, at: number): number {
  if (isInteger(field)) return field.byteLength;
  return at < frame.length ? Math.max(0, field.measure(frame, at, frame.length)) : 0;
}

function bodyParts(layout: FrameLayout, frame: BytesIn, headerStart: number, start: number): readonly FramePart[] {
  const headerBytes = start - headerStart;
  const payloadBytes = headerBytes < layout.minHeaderBytes ? 0 : readLength(layout, frame, headerStart, headerBytes) - layout.adjustment;
  if (!Number.isSafeInteger(payloadBytes) || payloadBytes < 0) return [];
  const payloadEnd = Math.min(start + payloadBytes, frame.length);
  const paddingEnd = Math.min(payloadEnd + Math.max(0, paddingOf(layout, payloadBytes)), frame.length);
  const parts: FramePart[] = [
    { kind: 'payload', name: 'payload', start, end: payloadEnd },
    { kind: 'padding', name: 'padding', start: payloadEnd, end: paddingEnd },
  ];
  for (const trailer of layout.trailers) {
    const from = Math.min(paddingEnd + trailer.at, frame.length);
    const byteLength = 'bytes' in trailer ? trailer.bytes.length : trailer.byteLength;
    const end = Math.min(from + byteLength, frame.length);
    if ('bytes' in trailer) parts.push({ kind: 'trailer', name: 'trailer', start: from, end });
    else parts.push(checksumPart(trailer.checksum.name, trailer.checksum.field, frame, from, end));
  }
  return parts;
}

function checksumPart(name: string, field: LengthField, frame: BytesIn, start: number, end: number): FramePart {
  const part: FramePart = { kind: 'checksum', name, start, end };
  if (end === start || widthOf(field, frame, start) !== end - start) return part;
  return { ...part, value: field.read(frame, start, end - start) };
}
