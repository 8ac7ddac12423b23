/** Characters of output kept for each stream: the last ones, so that a chatty process cannot fill the memory. */
const KEPT_CHARACTERS = 1024 * 1024;

/** The output of a process on one stream: as text, and line by line as it arrives. */
export interface Transcript {
  /** Takes the next piece of output. */
  append(text: string): void;
  /** Ends the stream: a rest without a newline becomes the last line. */
  end(): void;
  /** All output, or the last 1,048,576 characters of it, unchanged. */
  readonly text: string;
  /** Number of complete lines so far, including those no longer kept. */
  readonly lineCount: number;
  /** Line `index`, counted from 0, without its LF or CR LF; `undefined` when not there yet or no longer kept. */
  line(index: number): string | undefined;
  /** The index of the oldest line kept. */
  readonly firstLine: number;
}

/** Makes a {@link Transcript} that keeps the last `keptCharacters` of text, and as many of lines. */
export function createTranscript(keptCharacters: number = KEPT_CHARACTERS): Transcript {
  return new BoundedTranscript(keptCharacters);
}

class BoundedTranscript implements Transcript {
  readonly #keptCharacters: number;
  #text = '';
  #lines: string[] = [];
  #lineCharacters = 0;
  #partial = '';
  #firstLine = 0;

  constructor(keptCharacters: number) {
    this.#keptCharacters = keptCharacters;
  }

  append(text: string): void {
    this.#text += text;
    // Trimmed at twice the limit, not at each piece: a string this long is copied as a whole.
    if (this.#text.length > 2 * this.#keptCharacters) this.#text = this.text;
    const parts = (this.#partial + text).split('\n');
    this.#partial = (parts.pop() ?? '').slice(-this.#keptCharacters);
    for (const part of parts) this.#addLine(part);
    this.#forgetLines();
  }

  end(): void {
    if (this.#partial !== '') this.#addLine(this.#partial);
    this.#partial = '';
  }

  get text(): string {
    return this.#text.slice(-this.#keptCharacters);
  }

  get lineCount(): number {
    return this.#firstLine + this.#lines.length;
  }

  get firstLine(): number {
    return this.#firstLine;
  }

  line(index: number): string | undefined {
    return this.#lines[index - this.#firstLine];
  }

  #addLine(line: string): void {
    this.#lines.push(line.endsWith('\r') ? line.slice(0, -1) : line);
    this.#lineCharacters += line.length + 1;
  }

  #forgetLines(): void {
    let forgotten = 0;
    while (this.#lineCharacters > this.#keptCharacters && forgotten < this.#lines.length - 1) {
      this.#lineCharacters -= (this.#lines[forgotten]?.length ?? 0) + 1;
      forgotten += 1;
    }
    if (forgotten === 0) return;
    this.#lines = this.#lines.slice(forgotten);
    this.#firstLine += forgotten;
  }
}
