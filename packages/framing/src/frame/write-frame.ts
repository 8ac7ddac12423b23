import { checkBytes, checkPayload } from '../check-bytes.ts';
import { returnedText, writeError } from '../decoding/thrown.ts';
import { FrameError } from '../errors.ts';
import { checkFits, isInteger } from '../fields/length-field.ts';
import { frameMemory } from '../frame-memory.ts';
import { rewind } from '../writer.ts';
import { paddingOf } from './layout.ts';
import { writeTrailer } from './trailer.ts';
import type { Bytes, BytesIn } from '../codec.ts';
import type { VariableLengthField } from '../fields/length-field.ts';
import type { FrameWriter } from '../writer.ts';
import type { HeaderValues } from './header.ts';
import type { FrameLayout, HeaderField } from './layout.ts';

/** Lengths of the parts of one frame. */
export interface FrameSize {
  readonly header: number;
  readonly padding: number;
  readonly total: number;
}

/** Checks that a frame can be read back, and computes its length: what is refused leaves nothing in a slab. */
export function sizeOf(layout: FrameLayout, fields: HeaderValues, payload: BytesIn): FrameSize {
  checkPayload(payload, layout.maxPayloadBytes);
  const payloadBytes = payload.length;
  const declared = payloadBytes + layout.adjustment;
  if (declared < layout.minLength) {
    throw new FrameError(
      'FRAME_ERR_PAYLOAD',
      `a payload of ${payloadBytes} bytes needs a length of ${declared}; allowed: ${layout.minLength} or more`,
    );
  }
  for (const field of layout.fields) checkField(field, fields[field.name]);
  const padding = paddingFor(layout, payloadBytes);
  if (padding < 0) throw new FrameError('FRAME_ERR_PAYLOAD', `no padding can follow a payload of ${payloadBytes} bytes`);
  const { length } = layout;
  const header = layout.before + (isInteger(length) ? length.byteLength : widthFor(length, declared)) + layout.after;
  return { header, padding, total: header + payloadBytes + padding + layout.trailerBytes };
}

function checkField({ name, field }: HeaderField, value: number | Bytes | undefined): void {
  if (!('opaqueBytes' in field)) {
    checkFits(field, typeof value === 'number' ? value : Number.NaN);
    return;
  }
  const bytes = value as Bytes;
  checkBytes(bytes, name);
  if (bytes.length === field.opaqueBytes) return;
  throw new FrameError('FRAME_ERR_PAYLOAD', `${name} has ${bytes.length} bytes, every frame has ${field.opaqueBytes}`);
}

/** Width of the length, which may be a field of the program. */
function widthFor(length: VariableLengthField, declared: number): number {
  let width: number;
  try {
    width = length.byteLengthOf(declared);
  } catch (thrown) {
    throw writeError(length.name, thrown);
  }
  if (Number.isInteger(width) && width >= length.minBytes && width <= length.maxBytes) return width;
  const allowed = `${length.minBytes} to ${length.maxBytes}`;
  throw new FrameError(
    'FRAME_ERR_PAYLOAD',
    `the length ${length.name} takes ${returnedText(width)} bytes for ${declared}; allowed: ${allowed}`,
  );
}

function paddingFor(layout: FrameLayout, payloadBytes: number): number {
  try {
    return paddingOf(layout, payloadBytes);
  } catch (thrown) {
    throw writeError('padding', thrown);
  }
}

/** Appends a frame to the writer; a failed one leaves nothing in it. */
export function writeInto(layout: FrameLayout, writer: FrameWriter, fields: HeaderValues, payload: BytesIn): void {
  const size = sizeOf(layout, fields, payload);
  const offset = writer.reserve(size.total);
  try {
    writeFrame(layout, writer.bytes, offset, fields, payload, size);
  } catch (thrown) {
    rewind(writer, offset);
    throw writeError(layout.name, thrown);
  }
}

/** A frame in memory of its own. */
export function written(layout: FrameLayout, fields: HeaderValues, payload: BytesIn): Bytes {
  const size = sizeOf(layout, fields, payload);
  const target = frameMemory(size.total);
  try {
    writeFrame(layout, target, 0, fields, payload, size);
  } catch (thrown) {
    throw writeError(layout.name, thrown);
  }
  return target;
}

/** Writes a frame of known size at `offset`. */
export function writeFrame(
  layout: FrameLayout,
  target: Bytes,
  offset: number,
  fields: HeaderValues,
  payload: BytesIn,
  size: FrameSize,
): void {
  const afterLength = offset + size.header - layout.after;
  for (const { bytes, at } of layout.constantsBefore) target.set(bytes, offset + at);
  for (const { bytes, at } of layout.constantsAfter) target.set(bytes, afterLength + at);
  for (const { at, byteLength, isAfterLength } of layout.reserved) {
    const start = (isAfterLength ? afterLength : offset) + at;
    target.fill(0, start, start + byteLength);
  }
  for (const { name, field, at, isAfterLength } of layout.fields) {
    const start = (isAfterLength ? afterLength : offset) + at;
    if ('opaqueBytes' in field) target.set(fields[name] as Bytes, start);
    else field.write(target, start, fields[name] as number);
  }
  layout.length.write(target, offset + layout.before, payload.length + layout.adjustment);
  const bodyStart = offset + size.header;
  target.set(payload, bodyStart);
  if (size.padding > 0) target.fill(layout.padding?.with ?? 0, bodyStart + payload.length, bodyStart + payload.length + size.padding);
  writeTrailer(layout, target, {
    header: target,
    headerStart: offset,
    headerBytes: size.header,
    body: target,
    bodyStart,
    payloadBytes: payload.length,
    paddingBytes: size.padding,
  });
}
