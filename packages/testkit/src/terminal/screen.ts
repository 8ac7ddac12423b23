/** What a terminal shows after some output: text with the cursor movements that programs use carried out. */
export interface Screen {
  /** Takes the next output of the program; an escape sequence may be cut anywhere. */
  write(text: string): void;
  /**
   * All rows, those that scrolled away included, without the empty ones below and the blanks at the end of each;
   * a row that is not empty keeps its blanks up to the cursor, so that a prompt is `>>> `.
   */
  text(): string;
  /** Where the cursor is: row counted from 0 in {@link text}, column from 0. */
  cursor(): { readonly row: number; readonly column: number };
}

/** Size of a terminal, in characters. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** Makes an empty {@link Screen}. */
export function createScreen(size: ScreenSize): Screen {
  return new TerminalScreen(size);
}

// ECMA-48: CSI parameters final | OSC … BEL or ST | other two-character escapes | one character.
// oxlint-disable-next-line no-control-regex -- control characters are what it reads
const TOKEN = /\x1b\[([0-?]*)[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-Z\\^-~]|[^\x1b]/suy;

class TerminalScreen implements Screen {
  readonly #size: ScreenSize;
  // One entry a column; the second column of a wide character is an empty string.
  readonly #rows: string[][] = [[]];
  #row = 0;
  #column = 0;
  #saved = { row: 0, column: 0 };
  #unread = '';

  constructor(size: ScreenSize) {
    this.#size = size;
  }

  write(text: string): void {
    this.#unread += text;
    let end = 0;
    TOKEN.lastIndex = 0;
    for (let token = TOKEN.exec(this.#unread); token !== null; token = TOKEN.exec(this.#unread)) {
      const [whole, parameters, final] = token;
      end = TOKEN.lastIndex;
      if (final !== undefined) this.#control(final, parameters ?? '');
      else if (whole.startsWith('\x1b')) this.#escape(whole);
      else this.#character(whole);
    }
    this.#unread = this.#unread.slice(end);
  }

  text(): string {
    const texts = this.#rows.map((cells) => cells.join('').trimEnd());
    const current = texts[this.#row] ?? '';
    // A prompt ends in a blank that counts: nothing left of the cursor is trimmed from what it says.
    if (current !== '') texts[this.#row] = current + this.#cells().slice(0, this.#column).join('').slice(current.length);
    while (texts.at(-1) === '') texts.pop();
    return texts.join('\n');
  }

  cursor(): { row: number; column: number } {
    return { row: this.#row, column: Math.min(this.#column, this.#size.columns - 1) };
  }

  #character(character: string): void {
    if (character === '\n') return this.#moveTo(this.#row + 1, this.#column, true);
    if (character === '\r') return this.#moveTo(this.#row, 0);
    if (character === '\b') return this.#moveTo(this.#row, this.#column - 1);
    if (character === '\t') return this.#moveTo(this.#row, (Math.floor(this.#column / 8) + 1) * 8);
    if (character >= ' ' && character !== '\x7f') this.#put(character);
  }

  #put(character: string): void {
    const width = widthOf(character);
    const cells = this.#cells();
    if (width === 0) {
      const before = Math.max(0, this.#column - 1);
      cells[before] = (cells[before] ?? '') + character;
      return;
    }
    // A terminal goes to the next row when the character comes that no longer fits, not before.
    if (this.#column + width > this.#size.columns) {
      this.#moveTo(this.#row + 1, 0, true);
      return this.#put(character);
    }
    cells[this.#column] = character;
    if (width === 2) cells[this.#column + 1] = '';
    this.#column += width;
  }

  #control(final: string, parameters: string): void {
    const [first, second] = parameters.split(';').map((parameter) => Number.parseInt(parameter, 10) || 0);
    const count = Math.max(1, first ?? 1);
    const moves: Record<string, () => void> = {
      A: () => this.#moveTo(Math.max(this.#top(), this.#row - count), this.#column),
      B: () => this.#moveTo(this.#row + count, this.#column),
      C: () => this.#moveTo(this.#row, this.#column + count),
      D: () => this.#moveTo(this.#row, this.#column - count),
      E: () => this.#moveTo(this.#row + count, 0),
      F: () => this.#moveTo(Math.max(this.#top(), this.#row - count), 0),
      G: () => this.#moveTo(this.#row, count - 1),
      H: () => this.#moveTo(this.#top() + count - 1, Math.max(1, second ?? 1) - 1),
      J: () => this.#eraseDisplay(first ?? 0),
      K: () => this.#eraseRow(first ?? 0),
      P: () => this.#cells().splice(this.#column, count),
      s: () => this.#save(),
      u: () => this.#moveTo(this.#saved.row, this.#saved.column),
    };
    // Colours and modes (m, h, l …) change nothing that can be read.
    (moves[final === 'f' ? 'H' : final] ?? (() => undefined))();
  }

  #escape(sequence: string): void {
    if (sequence === '\x1b7') this.#save();
    if (sequence === '\x1b8') this.#moveTo(this.#saved.row, this.#saved.column);
  }

  #save(): void {
    this.#saved = { row: this.#row, column: this.#column };
  }

  #eraseDisplay(which: number): void {
    const from = which === 0 ? this.#row + 1 : this.#top();
    const to = which === 1 ? this.#row : this.#rows.length;
    for (let row = from; row < to; row++) this.#rows[row] = [];
    this.#eraseRow(which);
  }

  #eraseRow(which: number): void {
    const cells = this.#cells();
    if (which === 0) cells.length = Math.min(cells.length, this.#column);
    if (which === 1) cells.fill(' ', 0, this.#column + 1);
    if (which === 2) cells.length = 0;
  }

  /** The oldest row still on the screen. */
  #top(): number {
    return Math.max(0, this.#rows.length - this.#size.rows);
  }

  #moveTo(row: number, column: number, scroll = false): void {
    const lowest = this.#top() + this.#size.rows - 1;
    this.#row = scroll ? row : Math.min(row, lowest);
    while (this.#rows.length <= this.#row) this.#rows.push([]);
    this.#column = Math.max(0, Math.min(column, this.#size.columns - 1));
  }

  #cells(): string[] {
    const cells = this.#rows[this.#row] ?? [];
    while (cells.length < this.#column) cells.push(' ');
    return cells;
  }
}

// East Asian wide characters and emoji, as far as tests use them. Source: Unicode 16, EastAsianWidth W and F.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

function widthOf(character: string): 0 | 1 | 2 {
  if (/^\p{M}|\u200d|[\ufe00-\ufe0f]$/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
