/** The answer of a program to one command: payloads as hex, and its error, if any. */
export interface Answer {
  readonly payloads: readonly string[];
  readonly error?: string;
}

/** Longest piece of a line that errors quote, in characters. */
const MAX_QUOTED_CHARS = 80;

/** Parses the answers of a program from its lines: any number of `payload HEX`, at most one `error TEXT`, and `ok` for each command. */
export class AnswerReader {
  answers: Answer[] = [];
  /** Characters since {@link begin}. */
  chars = 0;
  /** A line that violates the protocol, as text. */
  wrongLine: string | undefined;
  #pieces: string[] = [];
  #payloads: string[] = [];
  #error: string | undefined;

  /** Call before the next commands are written. */
  begin(): void {
    this.answers = [];
    this.chars = 0;
  }

  push(text: string): void {
    this.chars += text.length;
    if (!text.includes('\n')) {
      this.#pieces.push(text);
      return;
    }
    const lines = (this.#pieces.join('') + text).split('\n');
    this.#pieces = [lines.pop()!];
    for (const line of lines) this.#take(line.endsWith('\r') ? line.slice(0, -1) : line);
  }

  #take(line: string): void {
    if (line === 'ok') {
      this.answers.push({ payloads: this.#payloads, ...(this.#error !== undefined && { error: this.#error }) });
      this.#payloads = [];
      this.#error = undefined;
    } else if (line === 'payload' || line.startsWith('payload ')) this.#takePayload(line.slice('payload '.length));
    else if (line === 'error' || line.startsWith('error ')) this.#error ??= line.slice('error '.length);
    else this.wrongLine ??= `it wrote ${quoted(line)}; allowed: payload HEX, error TEXT and ok`;
  }

  #takePayload(hex: string): void {
    // After an error nothing counts as a payload.
    if (this.#error !== undefined) return;
    if (hex.length % 2 === 1 || /[^0-9a-fA-F]/.test(hex)) this.wrongLine ??= `it wrote a payload that is no hex: ${quoted(hex)}`;
    else this.#payloads.push(hex.toLowerCase());
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED_CHARS ? `${text.slice(0, MAX_QUOTED_CHARS)}…` : text);
}
