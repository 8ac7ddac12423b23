import { Unicode11Addon } from '@xterm/addon-unicode11';
import headless from '@xterm/headless';

/** The screen of a terminal after some output: that of xterm.js, without a window. */
export interface Screen {
  /** Takes the next output of the program; an escape sequence may be cut anywhere. Resolves when it is shown. */
  write(text: string): Promise<void>;
  /**
   * All rows, including those that scrolled away (the last 10,000), without trailing empty rows and trailing blanks; a
   * row that is not empty keeps its blanks up to the cursor, so that a prompt is `>>> `.
   */
  text(): string;
  /** The cursor position: row counted from 0 in {@link text}, column from 0. */
  cursor(): { readonly row: number; readonly column: number };
}

/** Size of a terminal, in characters. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

const KEPT_ROWS = 10_000;

/** Makes an empty {@link Screen}. */
export function createScreen(size: ScreenSize): Screen {
  return new TerminalScreen(size);
}

class TerminalScreen implements Screen {
  readonly #terminal: headless.Terminal;

  constructor({ columns, rows }: ScreenSize) {
    // Versions of Unicode are a proposed API. The default is 6, in which an emoji has one column.
    this.#terminal = new headless.Terminal({ cols: columns, rows, scrollback: KEPT_ROWS, allowProposedApi: true });
    this.#terminal.loadAddon(new Unicode11Addon());
    this.#terminal.unicode.activeVersion = '11';
  }

  write(text: string): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(text, resolve));
  }

  text(): string {
    const { length } = this.#terminal.buffer.active;
    const texts = Array.from({ length }, (_, row) => this.#row(row).trimEnd());
    const { row, column } = this.#position();
    // The trailing blank of a prompt counts: nothing left of the cursor is trimmed.
    if (texts[row] !== '') texts[row] += this.#row(row, column).slice(texts[row]!.length);
    while (texts.at(-1) === '') texts.pop();
    return texts.join('\n');
  }

  cursor(): { row: number; column: number } {
    const { row, column } = this.#position();
    // After the last column of a row the cursor stays there until the next character.
    return { row, column: Math.min(column, this.#terminal.cols - 1) };
  }

  #position(): { row: number; column: number } {
    const { baseY, cursorX, cursorY } = this.#terminal.buffer.active;
    return { row: baseY + cursorY, column: cursorX };
  }

  #row(row: number, endColumn?: number): string {
    return this.#terminal.buffer.active.getLine(row)?.translateToString(false, 0, endColumn) ?? '';
  }
}
