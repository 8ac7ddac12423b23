import { checkedChoice } from '../../choice.ts';
import { json } from '../../payload/json.ts';
import { SKIP, withPayload } from '../../payload/with-payload.ts';
import { line } from './line.ts';
import type { Codec } from '../../codec.ts';
import type { JsonOptions } from '../../payload/json.ts';
import type { PayloadCodec } from '../../payload/with-payload.ts';

/** Options of {@link ndjson}. */
export interface NdjsonOptions<Output, Input = Output> extends JsonOptions<Output, Input> {
  /** Longest line in bytes, without its ending. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
  /** What a last line without LF is, which JSON Lines allows: an error, as a number may lack digits; or a value. @defaultValue 'error' */
  readonly unended?: 'error' | 'emit';
  /** What a line without a value is, of blanks at most: an error, or left out, as ndjson-spec wants it to be possible. @defaultValue 'error' */
  readonly blank?: 'error' | 'skip';
}

/**
 * Newline-delimited JSON: one value a line. Source: github.com/ndjson/ndjson-spec 1.0.0, JSON Lines.
 *
 * ```
 *  +---------------+----+
 *  | value as JSON | LF |     { "a": 1 } -> {"a":1}\n
 *  +---------------+----+
 * ```
 *
 * It is {@link line} with {@link json} on top, and its errors are theirs. An empty line is not JSON and an error, unless `blank` says otherwise.
 */
export function ndjson<Output = unknown, Input = Output>({
  maxPayloadBytes,
  unended = 'error',
  blank = 'error',
  ...options
}: NdjsonOptions<Output, Input> = {}): Codec<Output, Input> {
  const lines = line({ unended, ...(maxPayloadBytes !== undefined && { maxPayloadBytes }) });
  const values = json(options);
  if (checkedChoice('blank', blank, ['error', 'skip']) === 'error') return withPayload(lines, values, 'ndjson');
  const orNothing: PayloadCodec<Output | typeof SKIP, Input> = {
    name: values.name,
    decode: (payload) => (payload.every(isBlank) ? SKIP : values.decode(payload)),
    encode: (value) => values.encode(value),
  };
  return withPayload(lines, orNothing as PayloadCodec<Output, Input, undefined>, 'ndjson');
}

/** A blank of JSON. Source: RFC 8259, 2. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
