import { shown } from '../check-bytes.ts';
import { fromHex } from '../hex.ts';
import type { Bytes } from '../codec.ts';

/**
 * Reads one JSON object and reports where it is wrong. Unknown keys are errors: most often they are misspelt, and the format would
 * differ from what was meant.
 */
export class Reader {
  readonly path: string;
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #allowed: readonly string[];

  /** @throws RangeError when `value` is not an object, or has other keys. */
  constructor(value: unknown, path: string, allowed: readonly string[]) {
    this.path = path;
    this.#object = readOnce(value, path);
    this.#allowed = allowed;
    for (const key of Object.keys(this.#object)) {
      if (!allowed.includes(key)) throw new RangeError(`${path} has ${JSON.stringify(key)}; allowed: ${allowed.join(', ')}`);
    }
  }

  has(key: string): boolean {
    return this.#object[key] !== undefined && this.#allowed.includes(key);
  }

  at(key: string): string {
    return `${this.path}.${key}`;
  }

  value(key: string): unknown {
    return this.#object[key];
  }

  string(key: string): string {
    const value = this.#object[key];
    if (typeof value !== 'string') throw wrong(this.at(key), value, 'a string');
    return value;
  }

  number(key: string): number {
    const value = this.#object[key];
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrong(this.at(key), value, 'a whole number');
    return value;
  }

  boolean(key: string): boolean {
    const value = this.#object[key];
    if (typeof value !== 'boolean') throw wrong(this.at(key), value, 'true or false');
    return value;
  }

  choice<const Value extends string>(key: string, allowed: readonly Value[]): Value {
    return choiceOf(this.#object[key], this.at(key), allowed);
  }

  list(key: string, max: number): readonly unknown[] {
    const value = this.#object[key];
    if (!Array.isArray(value) || value.length < 1 || value.length > max) throw wrong(this.at(key), value, `a list of 1 to ${max}`);
    return value as readonly unknown[];
  }

  hex(key: string, max: number = 64): Bytes {
    return hexOf(this.#object[key], this.at(key), max);
  }

  /** The result of `read` for a key, in an object of its own; empty when the key is absent, so that absent options stay absent. */
  optional<Key extends string, Value>(key: Key, read: (key: Key) => Value): { readonly [Name in Key]?: Value } {
    return this.has(key) ? ({ [key]: read(key) } as { readonly [Name in Key]?: Value }) : {};
  }
}

/**
 * The keys of an object and their values, each read once: a getter of the program may throw, or answer something else the next time.
 *
 * @throws RangeError when `value` is no object, and with the cause when one of them cannot be read.
 */
export function readOnce(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path, value, 'an object');
  // Without a prototype: `__proto__` is a key like any other.
  const copy = Object.create(null) as Record<string, unknown>;
  try {
    for (const key in value) copy[key] = value[key as keyof typeof value];
  } catch (cause) {
    throw new RangeError(`${path} cannot be read: ${String(cause)}`, { cause });
  }
  return copy;
}

/** Bytes in hex. @throws RangeError when there are none, more than `max`, or it is not hex. */
export function hexOf(value: unknown, path: string, max: number): Bytes {
  const bytes = typeof value === 'string' ? fromHex(value) : undefined;
  if (bytes === undefined || bytes.length < 1 || bytes.length > max) throw wrong(path, value, `1 to ${max} bytes in hex`);
  return bytes;
}

/** One of a few strings. @throws RangeError naming them. */
export function choiceOf<const Value extends string>(value: unknown, path: string, allowed: readonly Value[]): Value {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw wrong(path, value, allowed.join(', '));
  return found;
}

/** The error for one place. */
export function wrong(path: string, value: unknown, allowed: string): RangeError {
  const seen = value === undefined ? 'missing' : asJson(value);
  return new RangeError(`${path} is ${seen.length > 80 ? `${seen.slice(0, 80)}…` : seen}, allowed: ${allowed}`);
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    // A BigInt, a circle, or a toJSON that throws.
    return shown(value);
  }
}
