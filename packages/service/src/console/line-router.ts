import { MAX_WAITING_LINES } from './line-queue.ts';
import type { Completion } from './command.ts';
import type { LineQueue } from './line-queue.ts';

/** Hears each line as it comes, whoever is asked to answer meanwhile. */
export interface LineListener {
  /** Returns the text that waits to be asked for; `undefined` when the line was a command, and is done. */
  hear(line: string): string | undefined;
  /** What Tab could add to what was typed so far. */
  complete(typed: string): Completion;
}

/** Options of {@link createLineRouter}. */
export interface LineRouterOptions {
  readonly listener: LineListener | undefined;
  readonly queue: LineQueue;
  /** Whether lines are heard however many wait: then those that find no room are not kept. */
  readonly isNeverPaused: boolean;
  readonly print: (text: string) => void;
  /** Shows the prompt again, after what a command has shown. */
  readonly showPrompt: () => void;
}

/** Makes the function that takes each line of a console: a command is done at once, a text waits in the queue. */
export function createLineRouter({ listener, queue, isNeverPaused, print, showPrompt }: LineRouterOptions): (line: string) => void {
  return (line) => {
    const text = listener === undefined ? line : listener.hear(line);
    if (text === undefined) {
      if (queue.isAsked) showPrompt();
    } else if (isNeverPaused && queue.waitingLines >= MAX_WAITING_LINES) {
      print(`not kept: ${MAX_WAITING_LINES} lines wait already`);
    } else {
      queue.push(text);
    }
  };
}
