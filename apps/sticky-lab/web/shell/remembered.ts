/** The reader's last choice, if it is one of `allowed`. */
export function remembered<const Value extends string>(name: string, allowed: readonly Value[]): Value | undefined {
  const value = localStorage.getItem(name);
  return allowed.find((each) => each === value);
}
