/** How a field, a checksum or a codec was made, as data: what `layoutOf` prints. Kept beside the object, which may be anyone's. */
const DESCRIPTIONS = new WeakMap<object, () => unknown>();

/** Attaches the description of `thing` as data, and returns it. `describe` is called on demand. */
export function described<Thing extends object>(thing: Thing, describe: () => unknown): Thing {
  DESCRIPTIONS.set(thing, describe);
  return thing;
}

/** The description by {@link described}; `undefined` without one. */
export function descriptionOf(thing: object): unknown {
  return DESCRIPTIONS.get(thing)?.();
}
