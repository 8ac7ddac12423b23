import { shown } from '../check-bytes.ts';
import { FrameError } from '../errors.ts';
import type { ValueCodec } from './with-payload.ts';

/**
 * Text in UTF-8. Invalid UTF-8 is an error, never U+FFFD; a byte order mark is a character like any other and
 * stays. Source: WHATWG Encoding, `fatal` and `ignoreBOM`.
 *
 * Errors: `FRAME_ERR_PAYLOAD` for malformed bytes, and for text with a lone surrogate, which UTF-8 cannot encode.
 */
export function utf8(): ValueCodec<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const encoder = new TextEncoder();
  return {
    name: 'utf8',
    decode(payload) {
      try {
        return decoder.decode(payload);
      } catch (cause) {
        throw malformed(`payload of ${payload.length} bytes is not UTF-8`, cause);
      }
    },
    encode(text) {
      if (typeof text !== 'string') throw new TypeError(`text must be a string, received ${shown(text)}`);
      const at = loneSurrogateIn(text);
      if (at >= 0) throw malformed(`text has half a surrogate pair at character ${at} of ${text.length}`);
      return encoder.encode(text);
    },
  };
}

function malformed(message: string, cause?: unknown): FrameError {
  const error = new FrameError('FRAME_ERR_PAYLOAD', message);
  if (cause !== undefined) error.cause = cause;
  return error;
}

function loneSurrogateIn(text: string): number {
  return text.search(/\p{Surrogate}/u);
}
