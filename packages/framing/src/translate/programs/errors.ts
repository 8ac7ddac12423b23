/** The error of a layout that a language has no words for. It names the part, so that it can be taken out or written by hand. */
export function untranslatable(part: string, reason: string): RangeError {
  return new RangeError(`${part} cannot be translated: ${reason}`);
}
