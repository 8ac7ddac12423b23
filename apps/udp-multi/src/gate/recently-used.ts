/** Values by name, in order of use, with a limit on their number. */
export interface RecentlyUsed<Value> {
  readonly size: number;
  /** A value; counts as a use. */
  get(key: string): Value | undefined;
  /** A value, without counting as a use. */
  peek(key: string): Value | undefined;
  /** Sets a value; counts as a use. The least recently used one is evicted. */
  set(key: string, value: Value): void;
  /** Removes a value; false when there was none. */
  delete(key: string): boolean;
  /** The least recently used value, with its name. */
  oldest(): { readonly key: string; readonly value: Value } | undefined;
  /** Visits all values, least recently used first. */
  forEach(show: (value: Value) => void): void;
}

/** Makes an empty {@link RecentlyUsed} of at most `max` values. */
export function createRecentlyUsed<Value>(max: number): RecentlyUsed<Value> {
  return new LinkedEntries(max);
}

/** `newer` and `older` link each entry to the one used next and before. */
interface Entry<Value> {
  readonly key: string;
  value: Value;
  newer: Entry<Value> | undefined;
  older: Entry<Value> | undefined;
}

// Not lru-cache: it takes several times as long to visit all values, which a room does for each message, and allocates for
// `max` of them at the start. A Map alone keeps the holes of deleted first keys, so finding its oldest key gets slow.
class LinkedEntries<Value> implements RecentlyUsed<Value> {
  readonly #max: number;
  readonly #entries = new Map<string, Entry<Value>>();
  #oldest: Entry<Value> | undefined;
  #newest: Entry<Value> | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#use(entry);
    return entry.value;
  }

  peek(key: string): Value | undefined {
    return this.#entries.get(key)?.value;
  }

  set(key: string, value: Value): void {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      known.value = value;
      this.#use(known);
      return;
    }
    if (this.#entries.size >= this.#max && this.#oldest !== undefined) this.delete(this.#oldest.key);
    const entry: Entry<Value> = { key, value, newer: undefined, older: undefined };
    this.#entries.set(key, entry);
    this.#append(entry);
  }

  delete(key: string): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#entries.delete(key);
    this.#unlink(entry);
    return true;
  }

  oldest(): Entry<Value> | undefined {
    return this.#oldest;
  }

  forEach(show: (value: Value) => void): void {
    for (let entry = this.#oldest; entry !== undefined; entry = entry.newer) show(entry.value);
  }

  #use(entry: Entry<Value>): void {
    if (entry === this.#newest) return;
    this.#unlink(entry);
    this.#append(entry);
  }

  #append(entry: Entry<Value>): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink({ newer, older }: Entry<Value>): void {
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }
}
