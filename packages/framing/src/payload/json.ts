import { validated } from './standard-schema.ts';
import { utf8 } from './utf8.ts';
import type { StandardSchema } from './standard-schema.ts';
import type { ValueCodec } from './with-payload.ts';

/** Options of {@link json}. */
export interface JsonOptions<Output, Input = Output> {
  /**
   * What values must be, in both directions: a schema of any library that follows Standard Schema and validates
   * synchronously. Decoded payloads are its output; sent values are checked and sent unchanged.
   */
  readonly schema?: StandardSchema<Input, Output>;
}

/**
 * JSON in UTF-8. Source: RFC 8259; a byte order mark, which it forbids to send, is an error.
 *
 * Without a schema the type is unchecked: `json<Message>()` validates nothing.
 *
 * Errors: `FRAME_ERR_PAYLOAD` for invalid UTF-8 or JSON, for a value without JSON (`undefined`, a function, a cycle, a
 * BigInt), and for what the schema refuses, with its issues in the message.
 */
export function json<Output = unknown, Input = Output>({ schema }: JsonOptions<Output, Input> = {}): ValueCodec<Output, Input> {
  const text = utf8();
  return {
    name: 'json',
    decode(payload) {
      const value = parsed(text.decode(payload));
      return schema === undefined ? (value as Output) : validated(schema as StandardSchema<never, Output>, value);
    },
    encode(value) {
      if (schema !== undefined) validated(schema as StandardSchema<never, Output>, value);
      const written: string | undefined = JSON.stringify(value);
      if (written === undefined) throw new TypeError(`a value of type ${typeof value} has no JSON`);
      return text.encode(written);
    },
  };
}

function parsed(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch (cause) {
    throw new SyntaxError(`payload is not JSON: ${(cause as SyntaxError).message}`, { cause });
  }
}
