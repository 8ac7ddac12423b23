import { MAX_WAITING_LINES } from './line-queue.ts';
import type { Completion } from './command.ts';
import type { LineQueue } from './line-queue.ts';

/** Handles each line as it arrives, before anyone who asked for a line. */
export interface LineListener {
  /** Returns the text to queue; `undefined` when the line was a command, which is done. */
  hear(line: string): string | undefined;
  /** Completions of what was typed so far. */
  complete(typed: string): Completion;
}

/** Options of {@link createLineRouter}. */
export interface LineRouterOptions {
  readonly listener: LineListener | undefined;
  readonly queue: LineQueue;
  /** Whether lines are handled however many wait: those that do not fit into the queue are dropped. */
  readonly isNeverPaused: boolean;
  readonly print: (text: string) => void;
  /** Shows the prompt again, after the output of a command. */
  readonly showPrompt: () => void;
}

/** Makes the function that takes each line of a console: commands run at once, texts are queued. */
export function createLineRouter({ listener, queue, isNeverPaused, print, showPrompt }: LineRouterOptions): (line: string) => void {
  return (line) => {
    const text = listener === undefined ? line : listener.hear(line);
    if (text === undefined) {
      if (queue.isAsked) showPrompt();
    } else if (isNeverPaused && queue.waitingLines >= MAX_WAITING_LINES) {
      print(`not kept: ${MAX_WAITING_LINES} lines are already waiting`);
    } else {
      queue.push(text);
    }
  };
}
