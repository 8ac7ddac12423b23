import { FrameError } from '../errors.ts';
import type { BytesIn } from '../codec.ts';
import type { FrameErrorCode } from '../errors.ts';
import type { IntegerField } from './integer-field.ts';

/** A fault in bytes whose place in the stream is not known yet. */
export interface Fault {
  readonly code: FrameErrorCode;
  readonly message: string;
}

/** A {@link Fault} of `code`. */
export function fault(code: FrameErrorCode, message: string): Fault {
  return { code, message };
}

/**
 * A length whose width depends on its value, or that not every byte can be part of.
 *
 * What a function of a field throws becomes the `cause` of a `FrameError`, `FRAME_ERR_PAYLOAD` unless it is a `FrameError` itself; a result that is
 * no number is `FRAME_ERR_MALFORMED_LENGTH`. Frames before it are returned.
 */
export interface VariableLengthField {
  /** The usual short name. */
  readonly name: string;
  /** Fewest bytes it takes. */
  readonly minBytes: number;
  /** Most bytes it takes. */
  readonly maxBytes: number;
  /** Largest number it can hold. The smallest is 0. */
  readonly max: number;
  /** Whether each number has only one spelling. @defaultValue true */
  readonly isCanonical?: boolean;
  /**
   * The width of the field at `offset`, when it ends at or before `end`; 0 when it goes on; −1 when the bytes cannot
   * begin a field. The result −1 must depend on the first invalid bytes, not on how many follow.
   */
  measure(bytes: BytesIn, offset: number, end: number): number;
  /** The fault, after `measure` returned −1. */
  faultOf(bytes: BytesIn, offset: number, end: number): Fault;
  /** Reads the number, after `measure` returned `byteLength`. Beyond 2^53 − 1 it may be inexact. */
  read(bytes: BytesIn, offset: number, byteLength: number): number;
  /** The width of `value`, from 0 to `max`, in bytes. */
  byteLengthOf(value: number): number;
  /** Writes `value`, from 0 to `max`, at `offset`, where there is room for `byteLengthOf(value)` bytes. */
  write(bytes: Uint8Array, offset: number, value: number): void;
}

/** Any field that can hold a payload's length. */
export type LengthField = IntegerField | VariableLengthField;

/** Whether `field` has a fixed width, and all its values are allowed. */
export function isInteger(field: LengthField): field is IntegerField {
  return 'byteLength' in field;
}

/** The fixed width of `field` in bytes; `undefined` when it depends on the value. */
export function fixedWidthOf(field: LengthField): number | undefined {
  if (isInteger(field)) return field.byteLength;
  return field.minBytes === field.maxBytes ? field.maxBytes : undefined;
}

/** Whether `field` has a fixed width. */
export function isFixedWidth(field: LengthField): boolean {
  return fixedWidthOf(field) !== undefined;
}

/** Throws when `value` does not fit `field`. For the encoder, which checks before it writes. */
export function checkFits(field: LengthField, value: number): void {
  const min = isInteger(field) ? field.min : 0;
  if (Number.isInteger(value) && value >= min && value <= field.max) return;
  throw new FrameError('FRAME_ERR_TOO_LARGE', `${field.name} cannot hold ${value}; allowed: whole numbers from ${min} to ${field.max}`, {
    declared: value,
    limit: field.max,
  });
}
