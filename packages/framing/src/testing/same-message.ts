/**
 * Whether the decoded message equals the sent one: bytes by value, in any kind of array; objects, such as `{ header, payload }`, key by key.
 */
export function isSameMessage(seen: unknown, expected: unknown): boolean {
  if (expected instanceof Uint8Array) {
    return seen instanceof Uint8Array && seen.length === expected.length && seen.every((byte, at) => byte === expected[at]);
  }
  if (typeof expected !== 'object' || expected === null) return Object.is(seen, expected);
  if (typeof seen !== 'object' || seen === null || Array.isArray(seen) !== Array.isArray(expected)) return false;
  const [seenKeys, keys] = [Object.keys(seen), Object.keys(expected)];
  const [left, right] = [seen as Readonly<Record<string, unknown>>, expected as Readonly<Record<string, unknown>>];
  return seenKeys.length === keys.length && keys.every((key) => Object.hasOwn(seen, key) && isSameMessage(left[key], right[key]));
}

/** A message for an error: at most 32 bytes of each run of bytes. */
export function shownMessage(message: unknown): string {
  if (message === undefined) return 'none';
  if (message instanceof Uint8Array) {
    const hex = Array.from(message.subarray(0, 32), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    return `${message.length} bytes [${hex}${message.length > 32 ? ' …' : ''}]`;
  }
  if (typeof message === 'string') return JSON.stringify(message);
  if (typeof message !== 'object' || message === null) return `${message as number}`;
  const entries = Object.entries(message).map(([key, value]) => `${key}: ${shownMessage(value)}`);
  return `{ ${entries.join(', ')} }`;
}
