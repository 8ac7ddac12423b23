import { isUtf8 } from 'node:buffer';

/** A region in which texts differ that are equal before and after it; one character is one byte. */
export interface Region {
  /** Offset in the first text. */
  readonly start: number;
  /** The text there in each of them. */
  readonly seen: readonly string[];
  /** The common text before it, up to the previous region, and after it, up to the next; of text only its line. */
  readonly before: string;
  readonly after: string;
  readonly isText: boolean;
}

/** Most regions that are distinguished: the rest is not examined. */
export const MAX_REGIONS = 64;

/** Equal bytes between two regions of binary answers that count as part of them: they are equal by chance. */
const CHANCE_BYTES = 2;

/** The regions in which texts differ, in order; none when they are equal. */
export function variedRegions(texts: readonly string[]): readonly Region[] {
  const [first = ''] = texts;
  if (texts.every((text) => text === first)) return [];
  if (!texts.every(isPrintable)) return withContext(texts, binarySpans(texts), false);
  const lines = texts.map((text) => text.split(/(?<=\n)/));
  const isAligned = lines.every(({ length }) => length === lines[0]!.length);
  return withContext(texts, isAligned ? joinedSpans(lines, lineSpans) : [outerSpan(texts)], true);
}

/** Where texts differ: from and to offsets, one pair a text. */
type Spans = readonly { readonly from: number; readonly to: number }[];

/** Whether bytes are text, in ASCII or UTF-8, without control characters but those of lines. */
function isPrintable(text: string): boolean {
  if (!/[^\t\n\r -~]/.test(text)) return true;
  // oxlint-disable-next-line no-control-regex -- what text does not have
  return !/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text) && isUtf8(Buffer.from(text, 'latin1'));
}

/** The spans of consecutive parts, moved to the place of each part. */
function joinedSpans(parts: readonly (readonly string[])[], spansOf: (texts: readonly string[]) => readonly Spans[]): readonly Spans[] {
  const offsets = parts.map(() => 0);
  const all: Spans[] = [];
  for (let index = 0; index < parts[0]!.length && all.length < MAX_REGIONS; index++) {
    const texts = parts.map((ofText) => ofText[index]!);
    for (const spans of spansOf(texts)) {
      all.push(spans.map(({ from, to }, text) => ({ from: from + offsets[text]!, to: to + offsets[text]! })));
    }
    for (const [text, part] of texts.entries()) offsets[text] = offsets[text]! + part.length;
  }
  return all;
}

/** Words that differ, if the lines have equally many words; else everything between the common prefix and suffix. */
function lineSpans(lines: readonly string[]): readonly Spans[] {
  if (lines.every((line) => line === lines[0])) return [];
  const words = lines.map((line) => line.match(/\w+|\W/g) ?? []);
  if (!words.every(({ length }) => length === words[0]!.length)) return [outerSpan(lines)];
  const spans = joinedSpans(words, (texts) =>
    texts.every((text) => text === texts[0]) ? [] : [texts.map(({ length }) => ({ from: 0, to: length }))],
  );
  return joinedByMarks(spans, lines[0]!);
}

/** Numbers with a point and times with colons are one word. */
function joinedByMarks(spans: readonly Spans[], line: string): readonly Spans[] {
  const joined: Spans[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    const isOne = last !== undefined && /^[.:+/=-]$/.test(line.slice(last[0]!.to, span[0]!.from));
    if (isOne) joined[joined.length - 1] = last.map(({ from }, text) => ({ from, to: span[text]!.to }));
    else joined.push(span);
  }
  return joined;
}

/** Everything between the common prefix and suffix; of text, whole words. */
function outerSpan(texts: readonly string[]): Spans {
  const [first = ''] = texts;
  const shortest = Math.min(...texts.map(({ length }) => length));
  let from = 0;
  while (from < shortest && texts.every((text) => text[from] === first[from])) from++;
  let tail = 0;
  while (tail < shortest - from && texts.every((text) => text.at(-1 - tail) === first.at(-1 - tail))) tail++;
  while (from > 0 && isPrintable(first) && /\w/.test(first[from - 1]!)) from--;
  while (tail > 0 && isPrintable(first) && /\w/.test(first.at(-tail)!)) tail--;
  return texts.map(({ length }) => ({ from, to: length - tail }));
}

function binarySpans(texts: readonly string[]): readonly Spans[] {
  const [first = ''] = texts;
  if (!texts.every(({ length }) => length === first.length)) return [outerSpan(texts)];
  const spans: { from: number; to: number }[] = [];
  for (let at = 0; at < first.length && spans.length < MAX_REGIONS; at++) {
    if (texts.every((text) => text[at] === first[at])) continue;
    const last = spans.at(-1);
    if (last !== undefined && at - last.to <= CHANCE_BYTES) last.to = at + 1;
    else spans.push({ from: at, to: at + 1 });
  }
  return spans.map((span) => texts.map(() => span));
}

function withContext(texts: readonly string[], spans: readonly Spans[], isText: boolean): readonly Region[] {
  const [first = ''] = texts;
  return spans.map((each, index) => {
    const { from, to } = each[0]!;
    const before = first.slice(spans[index - 1]?.[0]?.to ?? 0, from);
    const after = first.slice(to, spans[index + 1]?.[0]?.from ?? first.length);
    return {
      start: from,
      seen: texts.map((text, number) => text.slice(each[number]!.from, each[number]!.to)),
      before: isText ? before.slice(before.lastIndexOf('\n') + 1) : before,
      after: isText ? (/^[^\r\n]*\r?\n?/.exec(after)?.[0] ?? '') : after,
      isText,
    };
  });
}
