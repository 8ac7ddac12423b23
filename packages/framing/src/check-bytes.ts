import { tooLarge } from './errors.ts';
import type { BytesIn } from './codec.ts';

/**
 * Throws unless `value` is bytes: a string has a length too, and would be written as that many zeros.
 *
 * @param what - what the value is, as the subject of the message.
 * @throws TypeError that says what was given and what is allowed.
 */
export function checkBytes(value: BytesIn, what: string): void {
  if (value instanceof Uint8Array || isForeignBytes(value)) return;
  throw new TypeError(`${what} must be a Uint8Array, received ${shown(value)}`);
}

/**
 * Checks a payload before anything is written.
 *
 * @throws TypeError when it is not bytes. FrameError `FRAME_ERR_TOO_LARGE` when it is over the limit.
 */
export function checkPayload(payload: BytesIn, maxPayloadBytes: number): void {
  checkBytes(payload, 'a payload');
  if (payload.length > maxPayloadBytes) throw tooLarge(payload.length, maxPayloadBytes);
}

/**
 * Throws unless `batch` is an array: bytes are iterable too, and each byte would become a message.
 *
 * @throws TypeError that says what was given and what is allowed.
 */
export function checkBatch(batch: readonly unknown[]): void {
  if (!Array.isArray(batch)) throw new TypeError(`a batch must be an array of payloads, received ${shown(batch)}`);
}

/** What `value` is, for the message of an error. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `the string ${JSON.stringify(value.length > 20 ? `${value.slice(0, 20)}…` : value)}`;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return `the ${typeof value} ${value}`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
}

// Bytes of another realm, such as a test runner's, are bytes too.
function isForeignBytes(value: unknown): boolean {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}
