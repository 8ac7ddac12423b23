import stringWidth from 'string-width';

// Where a line may break without a space: beside the scripts of China, Japan and Korea, their punctuation and full-width forms.
const UNSPACED = String.raw`[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\u{ff01}-\u{ff60}]`;
// A word with the spaces behind it, or one such character with the punctuation that must not begin a line.
const PART = new RegExp(`${UNSPACED}[，。？！：；、）”』」]*|(?:(?!${UNSPACED})\\S)+ *| +`, 'gu');

/** Pads `text` with spaces to `width` terminal columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** Wraps `text` at `width` columns, at spaces and between wide characters; a longer word gets a line of its own. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines = [''];
  for (const part of text.match(PART) ?? []) {
    const line = lines.at(-1)! + part;
    if (stringWidth(line.trimEnd()) <= width || lines.at(-1) === '') lines[lines.length - 1] = line;
    else lines.push(part);
  }
  return lines.map((line) => line.trimEnd());
}
