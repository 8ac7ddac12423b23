const LF = 0x0a;
const CR = 0x0d;

/** The message without the one line ending that netcat and terminals append. */
export function withoutLineEnding(message: Uint8Array): Uint8Array {
  if (message.at(-1) !== LF) return message;
  return message.subarray(0, message.at(-2) === CR ? -2 : -1);
}

/** Makes the test for the word that ends a conversation, with an optional line ending. An empty word matches nothing. */
export function quitMatcher(quit: string): (message: Uint8Array) => boolean {
  const word = Buffer.from(quit);
  return (message) => word.length > 0 && word.equals(withoutLineEnding(message));
}

/** What a piece of a stream means for the quit word: said, not said, or undecided until more arrives. */
export type QuitVerdict = 'said' | 'not-said' | 'undecided';

/**
 * How long the quit word may stand without a line ending before it counts, in milliseconds: longer than the time between
 * two keys of a fast typist.
 */
export const QUIT_PAUSE_MS = 1000;

/**
 * Finds the quit word in a stream without boundaries, where it may arrive in pieces, and be a part of something else: a
 * terminal that sends every key by itself starts "quick" with the piece `q`.
 *
 * | pieces                              | said?                                                                    |
 * | ----------------------------------- | ------------------------------------------------------------------------ |
 * | `q\n`; `q` `\r\n`; `hello\nq\n`     | yes: it is a line of its own, and nothing follows it                     |
 * | `q` `uick`; `a ` `q` `\n`           | no: it is a part of a line                                               |
 * | `q` and the end; `hello` `q`, end   | yes: nothing follows it                                                  |
 * | `q`, `hello` `q`, and a pause       | yes, of a peer that has not ended a line yet: its pieces are what it says |
 * | `hello\n` `q` and a pause           | no, not yet: the rest of the line is still to come                       |
 */
export interface QuitListener {
  /** Takes the next piece. */
  hear(piece: Uint8Array): QuitVerdict;
  /** Whether an undecided word counts when nothing follows it for {@link QUIT_PAUSE_MS}. At the end of the stream it always counts. */
  readonly countsAfterPause: boolean;
}

/** Makes the {@link QuitListener} of one peer. An empty word never matches. */
export function createQuitListener(quit: string): QuitListener {
  const word = Buffer.from(quit);
  /** The line so far, only as long as it can still be the quit word. */
  let line: Uint8Array = new Uint8Array(0);
  let hasEndedLine = false;
  let verdict: QuitVerdict = 'not-said';
  const isWord = (text: Uint8Array): boolean => {
    const said = withoutLineEnding(text);
    // Whether a CR arrived and its LF has not.
    return word.equals(said) || (said.at(-1) === CR && word.equals(said.subarray(0, -1)));
  };
  return {
    hear(piece) {
      if (word.length === 0) return verdict;
      const text = Buffer.concat([line, piece]);
      const isEnded = text.at(-1) === LF;
      const last = text.subarray(text.subarray(0, isEnded ? -1 : undefined).lastIndexOf(LF) + 1);
      // Twice without a pause is something else.
      const isSaid = isWord(last) || (!hasEndedLine && verdict !== 'undecided' && isWord(piece));
      hasEndedLine ||= text.includes(LF);
      line = isEnded ? new Uint8Array(0) : Uint8Array.from(last.subarray(0, word.length + 2));
      verdict = !isSaid ? 'not-said' : isEnded ? 'said' : 'undecided';
      return verdict;
    },
    get countsAfterPause() {
      return !hasEndedLine;
    },
  };
}
