import { partsOf } from '@socklab/framing';
import type { Bytes, Span } from '../types.ts';
import type { FramedLayout, Layout } from '@socklab/framing';

/** The parts of one frame, as offsets from its start. Absent ones are as the decoder found them. */
export interface Anatomy {
  readonly length?: Span;
  readonly payloadStart?: number;
  readonly payloadEnd?: number;
}

/** Parts after the header. */
const BODY: ReadonlySet<string> = new Set(['payload', 'padding', 'checksum', 'trailer']);

/**
 * Reads one whole frame of a layout.
 *
 * @param payloadStart - where the decoder found the payload.
 */
export function anatomyOf(layout: Layout, frame: Bytes, payloadStart: number): Anatomy {
  if (layout.kind === 'frame') return headed(layout, frame);
  if (layout.kind === 'content-length') return contentLength(frame, payloadStart);
  // Digits, and the byte that ends them.
  if (layout.kind === 'netstring' || layout.kind === 'octet-counted') return { length: { start: 0, end: payloadStart - 1 } };
  if (layout.kind !== 'netty') return {};
  const { lengthFieldOffset: start, lengthFieldLength } = layout;
  return { length: { start, end: start + lengthFieldLength } };
}

function headed(layout: FramedLayout, frame: Bytes): Anatomy {
  const parts = partsOf(layout)(frame);
  const length = parts.find(({ kind }) => kind === 'length');
  const payload = parts.find(({ kind }) => kind === 'payload');
  const headerEnd = parts.findLast(({ kind }) => !BODY.has(kind))?.end ?? 0;
  return {
    ...(length !== undefined && { length: { start: length.start, end: length.end } }),
    payloadStart: payload?.start ?? headerEnd,
    payloadEnd: payload?.end ?? headerEnd,
  };
}

function contentLength(frame: Bytes, payloadStart: number): Anatomy {
  const header = new TextDecoder('latin1').decode(frame.subarray(0, payloadStart));
  const field = /^(?<name>content-length:[ \t]*)(?<digits>\d+)/im.exec(header);
  if (field === null) return {};
  const start = field.index + (field.groups?.['name']?.length ?? 0);
  return { length: { start, end: start + (field.groups?.['digits']?.length ?? 0) } };
}
