/**
 * Places in sends with different bytes on every connection, so that identical requests can be told apart and answers can be used.
 *
 * ```
 * send    "GET {{trial}}\r\n"                  the number of the connection, nine digits: as long as it is written
 * expect  capture id: after "id=", 8 bytes     send "BYE {{id}}\r\n"
 * ```
 *
 * A slot keeps its length, so cuts and frames stay where they are. In answers the values are replaced by the name: all of them compare equal.
 */

import { ProbeError } from '../errors.ts';
import type { Bytes, Capture, Slot } from '../types.ts';

/** The values of slots on one connection, by name. */
export type SlotValues = ReadonlyMap<string, Bytes>;

/** The name of the slot for the connection's number. */
export const TRIAL_SLOT = 'trial';

const PLACE = /\{\{(?<name>[a-z][\w-]{0,31})\}\}/g;
const TRIAL_TEXT = `{{${TRIAL_SLOT}}}`;
/** Numbers are as long as their placeholder. */
const TRIAL_DIGITS = TRIAL_TEXT.length;
const ALL = 10n ** BigInt(TRIAL_DIGITS);
/** Consecutive numbers differ in most digits; the inverse, modulo ALL, recognises such a number. */
const STEP = 104_729n;
const STEP_INVERSE = 964_995_369n;
let connections = 0n;

/** The number of a connection, unique in this process. */
export function nextNumber(): Bytes {
  connections += 1n;
  return latin1Bytes(String((connections * STEP) % ALL).padStart(TRIAL_DIGITS, '0'));
}

function isNumber(digits: string): boolean {
  const connection = (BigInt(digits) * STEP_INVERSE) % ALL;
  return connection > 0n && connection <= connections;
}

/** The placeholder in an answer for the number of another connection. */
const FOREIGN = '{{trial of another connection}}';

/**
 * Reserves room for the slots of a text, one character a byte.
 *
 * @param lengths length of each earlier capture, in bytes.
 * @throws ProbeError `PROBE_ERR_EXCHANGE` for an unknown capture.
 */
export function slotsOf(send: Bytes, lengths: ReadonlyMap<string, number>): { readonly send: Bytes; readonly slots: readonly Slot[] } {
  const text = latin1Text(send);
  const slots: Slot[] = [];
  let filled = '';
  let from = 0;
  for (const match of text.matchAll(PLACE)) {
    const name = match.groups?.['name'] ?? '';
    const byteLength = name === TRIAL_SLOT ? TRIAL_DIGITS : lengths.get(name);
    // Two braces mean something else in many formats.
    if (byteLength === undefined) continue;
    filled += text.slice(from, match.index);
    from = match.index + match[0].length;
    slots.push({ name, start: filled.length, end: filled.length + byteLength });
    filled += match[0].padEnd(byteLength, '.').slice(0, byteLength);
  }
  return slots.length === 0 ? { send, slots } : { send: latin1Bytes(filled + text.slice(from)), slots };
}

/** The bytes of a send with its slots filled. Slots without a value are unchanged. */
export function filledSlots(send: Bytes, slots: readonly Slot[], values: SlotValues): Bytes {
  const filled = Uint8Array.from(send);
  for (const { name, start } of slots) {
    const value = values.get(name);
    if (value !== undefined) filled.set(value, start);
  }
  return filled;
}

/** What a capture finds in an answer; undefined when it finds nothing of its length. */
export function captured(answer: Bytes, { at, pattern, bytes }: Capture): Bytes | undefined {
  if (at !== undefined) return at + bytes <= answer.length ? answer.slice(at, at + bytes) : undefined;
  const match = pattern?.exec(latin1Text(answer));
  const text = match?.[1] ?? match?.[0];
  return text?.length === bytes ? latin1Bytes(text) : undefined;
}

/** Shorter values are left in answers: they also occur by chance. */
const LEAST_NAMED_BYTES = 4;

/** Whether a masked answer contains the number of another connection. */
export function isForeign(answer: Bytes): boolean {
  return Buffer.from(answer.buffer, answer.byteOffset, answer.length).includes(FOREIGN);
}

/** An answer with the values of slots replaced by their names. */
export function namedSlots(answer: Bytes, values: SlotValues): Bytes {
  let text: string | undefined;
  for (const [name, value] of values) {
    if (value.length < LEAST_NAMED_BYTES) continue;
    text ??= latin1Text(answer);
    text = text.replaceAll(latin1Text(value), `{{${name}}}`);
  }
  if (text !== undefined && values.has(TRIAL_SLOT)) text = text.replaceAll(/\d{9}/g, (digits) => (isNumber(digits) ? FOREIGN : digits));
  return text === undefined ? answer : latin1Bytes(text);
}

/** Longest regular expression of a capture, in characters, and the longest value, in bytes. */
const MAX_PATTERN_CHARS = 1000;
const MAX_CAPTURE_BYTES = 65_536;

/** Checks a capture as it is written. @throws ProbeError `PROBE_ERR_EXCHANGE` */
export function checkCapture(capture: Omit<Capture, 'pattern'> & { readonly pattern?: RegExp | string }): Capture {
  const { name, bytes, at, pattern } = capture;
  if (!/^[a-z][\w-]{0,31}$/.test(name) || name === TRIAL_SLOT)
    throw wrong(`the name of a capture is like id or nonce-2, received ${JSON.stringify(name)}`);
  if (!Number.isSafeInteger(bytes) || bytes < 1 || bytes > MAX_CAPTURE_BYTES)
    throw wrong(`the capture ${name} has 1 to ${MAX_CAPTURE_BYTES} bytes, received ${bytes}`);
  if ((at === undefined) === (pattern === undefined)) throw wrong(`the capture ${name} has either "at" or "pattern"`);
  if (at !== undefined) return { name, bytes, at };
  return { name, bytes, pattern: compiled(name, pattern!) };
}

function compiled(name: string, pattern: RegExp | string): RegExp {
  const source = typeof pattern === 'string' ? pattern : pattern.source;
  if (source.length > MAX_PATTERN_CHARS) throw wrong(`the pattern of ${name} has ${source.length} characters, limit ${MAX_PATTERN_CHARS}`);
  try {
    return new RegExp(source, 'm');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ProbeError('PROBE_ERR_EXCHANGE', `the pattern of the capture ${name} is not a regular expression: ${error.message}`, {
      cause: error,
    });
  }
}

function latin1Text(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function latin1Bytes(text: string): Bytes {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_EXCHANGE', what);
}
