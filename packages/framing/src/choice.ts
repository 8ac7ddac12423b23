/**
 * Checks an option with a closed set of values: without types, a misspelt value would silently mean another one.
 *
 * @throws RangeError that names the value and those that are allowed.
 */
export function checkedChoice<Value>(name: string, value: Value, allowed: readonly Value[]): Value {
  if (allowed.includes(value)) return value;
  throw new RangeError(`${name} is ${shown(value)}; allowed: ${allowed.map(String).join(', ')}`);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
