import { json } from '../../payload/json.ts';
import { withPayload } from '../../payload/with-payload.ts';
import { line } from './line.ts';
import type { Codec } from '../../codec.ts';
import type { JsonOptions } from '../../payload/json.ts';

/** Options of {@link ndjson}. */
export interface NdjsonOptions<Output, Input = Output> extends JsonOptions<Output, Input> {
  /** Longest line, in bytes, its ending not counted. @defaultValue 1_048_576 */
  readonly maxPayloadBytes?: number;
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
 * It is {@link line} with {@link json} on top, and its errors are theirs. An empty line is no JSON and an error.
 */
export function ndjson<Output = unknown, Input = Output>({ maxPayloadBytes, ...options }: NdjsonOptions<Output, Input> = {}): Codec<
  Output,
  Input
> {
  return withPayload(line(maxPayloadBytes === undefined ? {} : { maxPayloadBytes }), json(options), 'ndjson');
}
