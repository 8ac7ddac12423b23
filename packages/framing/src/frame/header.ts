import { returnedText } from '../decoding/thrown.ts';
import { FrameError } from '../errors.ts';
import { fault, isInteger } from '../fields/length-field.ts';
import type { Bytes, BytesIn } from '../codec.ts';
import type { IntegerField } from '../fields/integer-field.ts';
import type { Fault, VariableLengthField } from '../fields/length-field.ts';
import type { ConstantRun, FrameLayout } from './layout.ts';

/** The program's fields of one header, by name. */
export type HeaderValues = Readonly<Record<string, number | Bytes>>;

/**
 * The length of the header at `start`; 0 when it goes on after `end`; −1 when the bytes cannot begin one. It checks
 * them in order, so that the first fault decides, however the stream was cut.
 */
export function measureHeader(layout: FrameLayout, bytes: BytesIn, start: number, end: number): number {
  const plain = layout.plainHeaderBytes;
  if (plain > 0) return end - start >= plain ? plain : 0;
  if (mismatchOf(layout.constantsBefore, bytes, start, end) !== undefined) return -1;
  const at = start + layout.before;
  const width = widthOfLength(layout, bytes, at, end);
  if (width <= 0) return width;
  if (mismatchOf(layout.constantsAfter, bytes, at + width, end) !== undefined) return -1;
  const headerBytes = layout.before + width + layout.after;
  return headerBytes <= end - start ? headerBytes : 0;
}

/** The fault, after `measureHeader` returned −1. */
export function headerFault(layout: FrameLayout, bytes: BytesIn, start: number, end: number): Fault {
  const before = mismatchOf(layout.constantsBefore, bytes, start, end);
  if (before !== undefined) return badMagic(before, bytes, start, end);
  const at = start + layout.before;
  const width = widthOfLength(layout, bytes, at, end);
  if (width < 0 && !isInteger(layout.length)) return foundFault(layout.length, layout.length.faultOf(bytes, at, end));
  return badMagic(mismatchOf(layout.constantsAfter, bytes, at + width, end)!, bytes, at + width, end);
}

function foundFault({ name }: VariableLengthField, found: Fault): Fault {
  if (typeof found?.code === 'string') return found;
  throw new TypeError(`faultOf of the length ${name} returned ${returnedText(found)}`);
}

/** How many bytes of a header are still missing at least, of which `filled` valid bytes from 0 on are there. */
export function missingHeaderBytes(layout: FrameLayout, bytes: BytesIn, filled: number): number {
  const { before, after, length } = layout;
  if (isInteger(length)) return layout.minHeaderBytes - filled;
  const width = widthOfLength(layout, bytes, before, filled);
  const atLeast = width > 0 ? width : Math.max(length.minBytes, filled - before + 1);
  return before + atLeast + after - filled;
}

/** The number in the length field of a header of `headerBytes` at `start`. */
export function readLength(layout: FrameLayout, bytes: BytesIn, start: number, headerBytes: number): number {
  const { length, before, after } = layout;
  const at = start + before;
  const value = isInteger(length) ? length.read(bytes, at) : length.read(bytes, at, headerBytes - before - after);
  if (Number.isInteger(value)) return value;
  throw new FrameError('FRAME_ERR_MALFORMED_LENGTH', `the length ${length.name} was read as ${returnedText(value)}`);
}

/** The program's fields in a header of `headerBytes` at `start`. */
export function readFields(layout: FrameLayout, bytes: BytesIn, start: number, headerBytes: number): HeaderValues {
  const afterLength = start + headerBytes - layout.after;
  const fields: Record<string, number | Bytes> = {};
  for (const { name, field, at, isAfterLength } of layout.fields) {
    const from = (isAfterLength ? afterLength : start) + at;
    fields[name] =
      'opaqueBytes' in field ? new Uint8Array(bytes.subarray(from, from + field.opaqueBytes)) : readNumber(name, field, bytes, from);
  }
  return fields;
}

function readNumber(name: string, field: IntegerField, bytes: BytesIn, from: number): number {
  const value = field.read(bytes, from);
  // Before the first frame there is nothing to read.
  if (Number.isInteger(value) || bytes[from] === undefined) return value;
  throw new FrameError('FRAME_ERR_PAYLOAD', `the field ${name} was read as ${returnedText(value)}`);
}

/** The first field of the program with a number that cannot be represented exactly; `undefined` without one. */
export function unsafeField(layout: FrameLayout, bytes: BytesIn, start: number, headerBytes: number): string | undefined {
  const afterLength = start + headerBytes - layout.after;
  for (const { name, field, at, isAfterLength } of layout.fields) {
    if (!('opaqueBytes' in field) && field.read(bytes, (isAfterLength ? afterLength : start) + at) > field.max) return name;
  }
  return undefined;
}

function widthOfLength({ length }: FrameLayout, bytes: BytesIn, at: number, end: number): number {
  if (!isInteger(length)) return at < end ? measuredWidth(length, bytes, at, end) : 0;
  return end - at >= length.byteLength ? length.byteLength : 0;
}

/** The field may be the program's own: an invalid width must not move the position. */
function measuredWidth(length: VariableLengthField, bytes: BytesIn, at: number, end: number): number {
  const width = length.measure(bytes, at, end);
  if (Number.isInteger(width) && width >= -1 && width <= Math.min(length.maxBytes, end - at)) return width;
  throw new FrameError('FRAME_ERR_MALFORMED_LENGTH', `the length ${length.name} measured itself to be ${returnedText(width)} bytes wide`);
}

function mismatchOf(runs: readonly ConstantRun[], bytes: BytesIn, base: number, end: number): ConstantRun | undefined {
  for (const run of runs) if (firstDifference(run, bytes, base, end) >= 0) return run;
  return undefined;
}

/** Offset of the first byte of `run` that differs from the received bytes; −1 without one. */
function firstDifference(run: ConstantRun, bytes: BytesIn, base: number, end: number): number {
  const count = Math.min(run.bytes.length, end - base - run.at);
  for (let index = 0; index < count; index++) if (bytes[base + run.at + index] !== run.bytes[index]) return index;
  return -1;
}

function badMagic(run: ConstantRun, bytes: BytesIn, base: number, end: number): Fault {
  const index = firstDifference(run, bytes, base, end);
  const seen = hexByte(bytes[base + run.at + index]!);
  return fault('FRAME_ERR_BAD_MAGIC', `byte ${index} of ${run.name} is ${seen}, expected ${hexByte(run.bytes[index]!)}`);
}

function hexByte(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
