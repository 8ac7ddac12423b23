const LF = 0x0a;
const CR = 0x0d;

/** What was said: the message without the one line ending that netcat and terminals send along. */
export function withoutLineEnding(message: Uint8Array): Uint8Array {
  if (message.at(-1) !== LF) return message;
  return message.subarray(0, message.at(-2) === CR ? -2 : -1);
}

/** Makes the test for the word that ends a conversation, one line ending after it allowed. An empty word matches nothing. */
export function quitMatcher(quit: string): (message: Uint8Array) => boolean {
  const word = Buffer.from(quit);
  return (message) => word.length > 0 && word.equals(withoutLineEnding(message));
}
