import stringWidth from 'string-width';

// Where a line may break without a space: Hangul, the scripts of China and Japan, their punctuation, and full-width forms. Source: UAX #11, East Asian Width.
const WIDE =
  /[\u{1100}-\u{115f}\u{2e80}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{20000}-\u{3fffd}]/gu;

// A word with the spaces behind it, or one wide character with the punctuation that must not begin a line.
const PART = new RegExp(`${WIDE.source}[，。？！：；、）”』」]*|(?:(?!${WIDE.source})\\S)+ *| +`, 'gu');

/** How many columns a terminal draws `text` with. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** `text` and spaces, so that a terminal draws it `width` columns wide. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** `text` in lines of at most `width` columns, broken at spaces and beside wide characters; a longer word stands alone. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines = [''];
  for (const part of text.match(PART) ?? []) {
    const line = lines.at(-1)! + part;
    if (widthOf(line.trimEnd()) <= width || lines.at(-1) === '') lines[lines.length - 1] = line;
    else lines.push(part);
  }
  return lines.map((line) => line.trimEnd());
}
