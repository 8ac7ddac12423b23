/**
 * Tells whether a message is the quit word. One line ending is allowed after it, because terminals send it along
 * where there is no framing. An empty word matches nothing.
 */
export function isQuit(message: string, quit: string): boolean {
  return quit !== '' && message.replace(/\r?\n$/, '') === quit;
}

/** The message without the line ending that a terminal sends along: part of a raw message, but not of what was said. */
export function withoutLineEnding(message: Uint8Array): Uint8Array {
  if (message.at(-1) !== 0x0a) return message;
  return message.subarray(0, message.at(-2) === 0x0d ? -2 : -1);
}
