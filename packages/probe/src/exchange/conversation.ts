import { check, pipe } from 'valibot';
import { ProbeError } from '../errors.ts';
import { checkShape, isList, isObject, isText, isTruth, isWhole, maybe, ShapeError } from '../json-shape.ts';
import { optional } from '../optional.ts';
import { createExchange } from './create.ts';
import { MAX_FILE_BYTES, MAX_STEPS } from './limits.ts';
import { parseSlottedHex } from './source.ts';
import { parseUntil } from './until.ts';
import type { Bytes, Exchange } from '../types.ts';
import type { StepInput } from './create.ts';
import type { InferOutput } from 'valibot';

/** Reads a file that a conversation names; the path is as written there. */
export type ReadFile = (path: string) => Bytes;

export interface ConversationOptions {
  /** Overrides the framing of the conversation. */
  readonly framing?: string;
  /** @defaultValue files are refused */
  readonly readFile?: ReadFile;
}

/** Most captures of one answer. */
const MAX_CAPTURES = 16;

const sendShape = isObject({
  text: maybe(isText),
  hex: maybe(isText),
  base64: maybe(isText),
  file: maybe(isText),
  framing: maybe(isText),
  end: maybe(isTruth),
  glue: maybe(isTruth),
  cut: maybe(isTruth),
});

const captureShape = isObject({ name: isText, bytes: isWhole(1), at: maybe(isWhole()), pattern: maybe(isText) });
const stepShape = isObject({ send: maybe(sendShape), expect: maybe(isText), capture: maybe(isList(captureShape, MAX_CAPTURES)) });
type StepShape = InferOutput<typeof stepShape>;

const oneKind = pipe(
  stepShape,
  check(({ send, expect }) => (send === undefined) !== (expect === undefined), 'either {"send": …} or {"expect": …}'),
);

const conversationShape = isObject({ name: maybe(isText), framing: maybe(isText), steps: isList(oneKind, MAX_STEPS) });

/**
 * Reads a conversation:
 *
 * ```json
 * { "name": "log in and ask", "framing": "line", "steps": [
 *   { "expect": "frames:1" },
 *   { "send": { "text": "USER ada\r\n" } }, { "expect": "control" },
 *   { "send": { "hex": "51 55 49 54 0a", "end": true } }, { "expect": "close" } ] }
 * ```
 *
 * A send is `text` (with JSON escapes), `hex`, `base64` or a `file`; it may have a `framing` of its own. With `"glue": true` it may
 * share a write with the previous send even if an answer is awaited in between, with `false` it never does; with `"cut": false` it is
 * never cut. `{{trial}}` is a different number on each connection. An expect may `capture` bytes that later sends insert as `{{name}}`:
 *
 * ```json
 * { "expect": "frames:1", "capture": [{ "name": "id", "pattern": "id=(\\w{8})", "bytes": 8 }, { "name": "salt", "at": 4, "bytes": 20 }] }
 * ```
 *
 * @throws ProbeError `PROBE_ERR_EXCHANGE` saying where it is wrong, `PROBE_ERR_FRAMING` when a send does not match its framing.
 */
export function parseConversation(json: string, { framing, readFile = refuseFile }: ConversationOptions = {}): Exchange {
  if (json.length > MAX_FILE_BYTES) throw wrong(`a conversation of ${json.length} characters, limit ${MAX_FILE_BYTES}`);
  const { name, framing: own, steps } = readShape(json);
  const chosen = framing ?? own;
  const options = { ...(name === undefined ? {} : { name }), ...(chosen === undefined ? {} : { framing: chosen }) };
  return createExchange({ ...options, steps: steps.map((step, index) => readStep(step, `steps[${index}]`, chosen, readFile)) });
}

function readShape(json: string): InferOutput<typeof conversationShape> {
  try {
    return checkShape(conversationShape, JSON.parse(json));
  } catch (error) {
    if (!(error instanceof ShapeError || error instanceof SyntaxError)) throw error;
    throw new ProbeError('PROBE_ERR_EXCHANGE', `not a conversation: ${error.message}`, { cause: error });
  }
}

function readStep({ send, expect, capture }: StepShape, path: string, framing: string | undefined, readFile: ReadFile): StepInput {
  if (send === undefined) return { expect: parseUntil(expect ?? '', framing), ...optional('capture', capture) };
  if (capture !== undefined) throw wrong(`${path}.capture goes with an expect: it takes bytes of an answer`);
  const { end, glue, cut, framing: own } = send;
  return {
    send: readSend(send, `${path}.send`, readFile),
    ...(end === undefined ? {} : { end }),
    ...(glue === undefined ? {} : { glue }),
    ...optional('cut', cut),
    ...(own === undefined ? {} : { framing: own }),
  };
}

type Source = 'text' | 'hex' | 'base64' | 'file';
const SOURCES: readonly Source[] = ['text', 'hex', 'base64', 'file'];

function readSend(send: Readonly<Partial<Record<Source, string>>>, path: string, readFile: ReadFile): Bytes {
  const given = SOURCES.filter((source) => send[source] !== undefined);
  const [source] = given;
  if (source === undefined || given.length > 1)
    throw wrong(`${path} must have one of ${SOURCES.join(', ')}, received ${given.join(' and ') || 'none'}`);
  const value = send[source]!;
  if (source === 'text') return new TextEncoder().encode(value);
  if (source === 'hex') return parseSlottedHex(value);
  return source === 'file' ? readFile(value) : readBase64(value, path);
}

function readBase64(text: string, path: string): Bytes {
  if (!/^(?:[\w+/-]{4})*(?:[\w+/-]{2}(?:==)?|[\w+/-]{3}=?)?$/.test(text)) throw wrong(`${path}.base64 is not base64`);
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function refuseFile(path: string): never {
  throw wrong(`this conversation names the file ${JSON.stringify(path)}, and files are not read here`);
}

function wrong(what: string): ProbeError {
  return new ProbeError('PROBE_ERR_EXCHANGE', what);
}
