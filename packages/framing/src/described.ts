/** How a field, a checksum or a codec was made, as data: what `layoutOf` prints. Kept beside the thing, which may be anybody's. */
const DESCRIPTIONS = new WeakMap<object, () => unknown>();

/** Notes how `thing` is written as data, and returns it. `describe` is asked when somebody wants to know. */
export function described<Thing extends object>(thing: Thing, describe: () => unknown): Thing {
  DESCRIPTIONS.set(thing, describe);
  return thing;
}

/** What {@link described} noted; `undefined` of what nobody did. */
export function descriptionOf(thing: object): unknown {
  return DESCRIPTIONS.get(thing)?.();
}
