/** The oldest Node.js that programs run on, as `engines` in their package.json says it. */
const OLDEST = { major: 22, minor: 12 };

/** @returns one line that says that this Node.js is too old; undefined when it is not. */
export function tooOldNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return undefined;
  return `needs Node.js ${OLDEST.major}.${OLDEST.minor} or newer, this is ${version}: https://nodejs.org/en/download`;
}
