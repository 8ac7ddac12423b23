/** Shapes of JSON that others wrote, by valibot: the message of each says what the value must be, {@link checkShape} where and what it is. */

import * as v from 'valibot';

/** An invalid value. */
export class ShapeError extends Error {
  constructor(path: string, wanted: string, seen: unknown) {
    super(`${path === '' ? 'it' : path} must be ${wanted}, received ${describe(seen)}`);
    this.name = 'ShapeError';
  }
}

/** A shape whose values are of this type. */
export type Shape<Value> = v.GenericSchema<unknown, Value>;

/** The value, checked: it holds nothing else, and its keys come in the order of the shape. @throws ShapeError for the first fault. */
export function checkShape<const Schema extends v.GenericSchema>(shape: Schema, value: unknown): v.InferOutput<Schema> {
  const { success, output, issues } = v.safeParse(shape, value, { abortEarly: true });
  if (success) return output;
  const [{ message, input, path = [] }] = issues;
  const at = path.reduce((before, { key }) => (typeof key === 'number' ? `${before}[${key}]` : join(before, String(key))), '');
  throw new ShapeError(at, message, input);
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

const MAX_SHOWN_CHARS = 60;

function describe(seen: unknown): string {
  if (seen === undefined) return 'nothing';
  if (Array.isArray(seen)) return `a list of ${seen.length}`;
  const text = JSON.stringify(seen) ?? typeof seen;
  return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text;
}

export const isText: Shape<string> = v.string('text');
export const isTruth: Shape<boolean> = v.boolean('true or false');

/** Bytes in hex, an even number of digits; spaces are not allowed. */
export const isHex: Shape<string> = isFitting((value) => /^(?:[\da-f]{2})*$/i.test(value), 'an even number of hex digits');

/** A text that fits. */
export function isFitting(fits: (value: string) => boolean, wanted: string): Shape<string> {
  return v.pipe(v.string(wanted), v.check(fits, wanted));
}

/** A number, not below `min`. */
export function isNumber(min: number = 0): Shape<number> {
  const wanted = `a number, at least ${min}`;
  return v.pipe(v.number(wanted), v.finite(wanted), v.minValue(min, wanted));
}

/** A whole number in a range. */
export function isWhole(min: number = 0, max: number = Number.MAX_SAFE_INTEGER): Shape<number> {
  const wanted = max === Number.MAX_SAFE_INTEGER ? `a whole number, at least ${min}` : `a whole number from ${min} to ${max}`;
  return v.pipe(v.number(wanted), v.safeInteger(wanted), v.minValue(min, wanted), v.maxValue(max, wanted));
}

/** One of a few strings. */
export function isOneOf<const Word extends string | number>(...words: readonly Word[]): Shape<Word> {
  return v.picklist(words, words.map((word) => JSON.stringify(word)).join(' or '));
}

/** A list of at most `limit` items. */
export function isList<Item>(item: Shape<Item>, limit: number): Shape<Item[]> {
  const isShort = (value: unknown): boolean => Array.isArray(value) && value.length <= limit;
  return v.pipe(v.custom<unknown[]>(isShort, `a list of at most ${limit}`), v.array(item));
}

/** A key that may be absent. One that is there and holds `undefined`, as objects of a program may have it, is as good as absent. */
export function maybe<Value>(shape: Shape<Value>): v.ExactOptionalSchema<Shape<Value>, undefined> {
  return v.optional(shape) as unknown as v.ExactOptionalSchema<Shape<Value>, undefined>;
}

/** An object with these keys and no others. A key too many is told before one that is missing: often it is that one, mistyped. */
export function isObject<const Keys extends v.ObjectEntries>(keys: Keys): Shape<v.InferOutput<v.ObjectSchema<Keys, undefined>>> {
  const wanted = `left out: the keys are ${Object.keys(keys).join(', ')}`;
  return v.pipe(
    v.custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'an object'),
    v.rawCheck(({ dataset: { value, typed }, addIssue }) => {
      const key = typed ? Object.keys(value).find((each) => !Object.hasOwn(keys, each)) : undefined;
      if (key === undefined || !typed) return;
      addIssue({ message: wanted, input: value[key], path: [{ type: 'object', origin: 'value', input: value, key, value: value[key] }] });
    }),
    v.object(keys, ({ path }: v.ObjectIssue) => wantedOf(keys[String(path?.[0]?.key)])),
  );
}

/** What a value that is missing must be: what its shape says of nothing. */
function wantedOf(shape: v.ObjectEntries[string] | undefined): string {
  const [issue] = shape === undefined ? [] : (v.safeParse(shape, undefined).issues ?? []);
  return issue?.message ?? 'there';
}
