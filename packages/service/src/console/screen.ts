import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import type { LineDestination } from '../log/output.ts';
import type { Interface } from 'node:readline';

/** What an operator sees: texts and log lines appear between prompts without tearing them. */
export interface Screen {
  /** One more line is asked for. */
  asked(): void;
  /** The lines that wait, or those who wait for a line, have changed. */
  changed(isAsked: boolean): void;
  /** Shows whole lines. */
  write(text: string): void;
  /** Removes the prompt. */
  close(): void;
}

/** Without a cursor to move: the prompt, if any, is plain text, and what follows it begins on a new line. */
export function plainScreen(output: LineDestination, prompt: string): Screen {
  let isMidLine = false;
  return {
    asked() {
      output.write(isMidLine ? `\n${prompt}` : prompt);
      isMidLine = prompt !== '';
    },
    changed: () => undefined,
    write(text) {
      output.write((isMidLine ? '\n' : '') + withNewline(text));
      isMidLine = false;
    },
    close: () => undefined,
  };
}

/** A terminal: texts go above the prompt, which is redrawn below them with what was typed so far. */
export function terminalScreen(line: Interface, output: NodeJS.WritableStream, prompt: string): Screen {
  const erase = () => {
    // The prompt and what was typed can take several rows; the cursor may be in any of them.
    moveCursor(output, 0, -line.getCursorPos().rows);
    cursorTo(output, 0);
    clearScreenDown(output);
  };
  const redraw = (shownPrompt: string, text: string) => {
    erase();
    output.write(text);
    // readline moves the cursor up by this before it draws. It is wrong after a paste, and too large after a text was written.
    Object.assign(line, { prevRows: 0 });
    line.setPrompt(shownPrompt);
    line.prompt(true);
  };
  return {
    asked: () => undefined,
    changed: (isAsked) => redraw(isAsked ? prompt : '', ''),
    write: (text) => redraw(line.getPrompt(), withNewline(text)),
    close: erase,
  };
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
