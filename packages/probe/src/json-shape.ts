/** Checks JSON that others wrote, and says exactly where it is not what it must be. What a check returns holds nothing else. */

/** Returns the value, checked, or throws {@link ShapeError}. */
export type Check<Value> = (value: unknown, path: string) => Value;

/** A value that is not what it must be. */
export class ShapeError extends Error {
  constructor(path: string, wanted: string, seen: unknown) {
    super(`${path === '' ? 'it' : path} must be ${wanted}, seen ${describe(seen)}`);
    this.name = 'ShapeError';
  }
}

const MAX_SHOWN_CHARS = 60;

function describe(seen: unknown): string {
  if (seen === undefined) return 'nothing';
  if (Array.isArray(seen)) return `a list of ${seen.length}`;
  const text = JSON.stringify(seen) ?? typeof seen;
  return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text;
}

export const isText: Check<string> = (value, path) => {
  if (typeof value === 'string') return value;
  throw new ShapeError(path, 'text', value);
};

export const isTruth: Check<boolean> = (value, path) => {
  if (typeof value === 'boolean') return value;
  throw new ShapeError(path, 'true or false', value);
};

/** A number, not below `min`. */
export function isNumber(min: number = 0): Check<number> {
  return (value, path) => {
    if (typeof value === 'number' && Number.isFinite(value) && value >= min) return value;
    throw new ShapeError(path, `a number, at least ${min}`, value);
  };
}

/** A whole number in a range. */
export function isWhole(min: number = 0, max: number = Number.MAX_SAFE_INTEGER): Check<number> {
  return (value, path) => {
    if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
    throw new ShapeError(
      path,
      max === Number.MAX_SAFE_INTEGER ? `a whole number, at least ${min}` : `a whole number from ${min} to ${max}`,
      value,
    );
  };
}

/** Bytes in hex, an even number of digits; spaces are not allowed. */
export const isHex: Check<string> = (value, path) => {
  if (typeof value === 'string' && value.length % 2 === 0 && /^[\da-f]*$/i.test(value)) return value;
  throw new ShapeError(path, 'an even number of hex digits', value);
};

/** One of some words. */
export function isOneOf<const Word extends string | number>(...words: readonly Word[]): Check<Word> {
  return (value, path) => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    throw new ShapeError(path, words.map((word) => JSON.stringify(word)).join(' or '), value);
  };
}

/** A list of at most `limit`. */
export function isList<Item>(item: Check<Item>, limit: number): Check<readonly Item[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length > limit) throw new ShapeError(path, `a list of at most ${limit}`, value);
    return value.map((each: unknown, index) => item(each, `${path}[${index}]`));
  };
}

/** Keys whose absence is allowed. */
export interface Optional<Value> {
  readonly optional: Check<Value>;
}

/** A key that may be absent. */
export function maybe<Value>(optional: Check<Value>): Optional<Value> {
  return { optional };
}

type Fields = Readonly<Record<string, Check<unknown> | Optional<unknown>>>;
type Required<Shape extends Fields> = {
  readonly [Key in keyof Shape as Shape[Key] extends Check<unknown> ? Key : never]: Shape[Key] extends Check<infer Value> ? Value : never;
};
type Possible<Shape extends Fields> = {
  readonly [Key in keyof Shape as Shape[Key] extends Optional<unknown> ? Key : never]?: Shape[Key] extends Optional<infer Value>
    ? Value
    : never;
};

/** An object with these keys and no others; what it returns has them in this order. */
export function isObject<const Shape extends Fields>(fields: Shape): Check<Required<Shape> & Possible<Shape>> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ShapeError(path, 'an object', value);
    const unknown = Object.keys(value).find((key) => !Object.hasOwn(fields, key));
    if (unknown !== undefined)
      throw new ShapeError(
        join(path, unknown),
        `left out: the keys are ${Object.keys(fields).join(', ')}`,
        (value as Record<string, unknown>)[unknown],
      );
    const checked: Record<string, unknown> = {};
    for (const [key, field] of Object.entries(fields)) {
      const each = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
      if (typeof field === 'function') checked[key] = field(each, join(path, key));
      else if (each !== undefined) checked[key] = field.optional(each, join(path, key));
    }
    return checked as Required<Shape> & Possible<Shape>;
  };
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
