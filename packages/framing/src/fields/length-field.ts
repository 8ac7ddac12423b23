import { FrameError } from '../errors.ts';
import type { BytesIn } from '../codec.ts';
import type { FrameErrorCode } from '../errors.ts';
import type { IntegerField } from './integer-field.ts';

/** What is wrong with bytes, before anybody knows where in the stream they are. */
export interface Fault {
  readonly code: FrameErrorCode;
  readonly message: string;
}

/** A {@link Fault} of `code`. */
export function fault(code: FrameErrorCode, message: string): Fault {
  return { code, message };
}

/**
 * A length whose width on the wire depends on its value, or that not every byte can stand in.
 *
 * What a function of a field throws becomes a `FrameError` with it as the `cause`, `FRAME_ERR_PAYLOAD` unless it is one itself; what it returns in the
 * place of a number is `FRAME_ERR_MALFORMED_LENGTH`. The frames before it are handed out.
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
  /** Whether a number can be written in one way only. @defaultValue true */
  readonly isCanonical?: boolean;
  /**
   * How many bytes the field at `offset` takes, when it ends at or before `end`; 0 when it goes on; −1 when the bytes that
   * are there cannot begin a field. The answer −1 must depend on the first bytes that are wrong, not on how many follow.
   */
  measure(bytes: BytesIn, offset: number, end: number): number;
  /** What is wrong, after `measure` returned −1. */
  faultOf(bytes: BytesIn, offset: number, end: number): Fault;
  /** Reads the number, after `measure` returned `byteLength`. Beyond 2^53 − 1 it may be inexact. */
  read(bytes: BytesIn, offset: number, byteLength: number): number;
  /** How many bytes `value`, from 0 to `max`, takes. */
  byteLengthOf(value: number): number;
  /** Writes `value`, from 0 to `max`, at `offset`, where `byteLengthOf(value)` bytes must be. */
  write(bytes: Uint8Array, offset: number, value: number): void;
}

/** Anything that can say how long a payload is. */
export type LengthField = IntegerField | VariableLengthField;

/** Whether `field` takes the same bytes for every value, all of which are allowed. */
export function isInteger(field: LengthField): field is IntegerField {
  return 'byteLength' in field;
}

/** How many bytes `field` takes for every value; `undefined` when that depends on the value. */
export function fixedWidthOf(field: LengthField): number | undefined {
  if (isInteger(field)) return field.byteLength;
  return field.minBytes === field.maxBytes ? field.maxBytes : undefined;
}

/** Whether `field` takes equally many bytes for every value. */
export function isFixedWidth(field: LengthField): boolean {
  return fixedWidthOf(field) !== undefined;
}

/** Throws when `value` does not fit `field`. For the encoder, which checks before it writes. */
export function checkFits(field: LengthField, value: number): void {
  const min = isInteger(field) ? field.min : 0;
  if (Number.isInteger(value) && value >= min && value <= field.max) return;
  throw new FrameError('FRAME_ERR_TOO_LARGE', `${field.name} cannot hold ${value}, allowed are whole numbers from ${min} to ${field.max}`, {
    declared: value,
    limit: field.max,
  });
}
