/** The error of a layout that a language cannot express. It names the part, so that it can be removed or written by hand. */
export function untranslatable(part: string, reason: string): RangeError {
  return new RangeError(`${part} cannot be translated: ${reason}`);
}
