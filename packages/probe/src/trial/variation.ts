/**
 * Differences between answers to the unsplit exchange: which bytes, and masks that would cover them.
 */

import { applyMasks, latin1, MASKS, parseIgnored, parseMask } from './masks.ts';
import { ownLines } from './own-lines.ts';
import { MAX_REGIONS, variedRegions } from './varied-regions.ts';
import type { Bytes } from '../types.ts';
import type { Mask } from './masks.ts';
import type { Region } from './varied-regions.ts';

/** What differs between runs of the same exchange. */
export interface Variation {
  /** One clause an answer: `bytes 20 to 27 of answer 0 differ ("a1b2c3d4", "0f9e8d7c")`. */
  readonly where: readonly string[];
  /** What `parseMask` takes: with these masks all runs are equal. Undefined when none were found. */
  readonly masks?: readonly string[];
  /** What `parseIgnored` takes: without what it matches all runs are equal. Undefined where other bytes than whole lines differ. */
  readonly ignored?: readonly string[];
}

/** Most regions of one answer that are listed, and that get masks. */
const MAX_SHOWN = 3;
const MAX_MASKED = 32;

/** Longest answers for which expressions are looked for, in bytes; longer ones get named masks only. */
const MAX_SEARCHED_CHARS = 262_144;

/** Finds the differences between runs, each a list of answers, with these masks; `undefined` without any. */
export function findVariation(runs: readonly (readonly Bytes[])[], masks: readonly Mask[] = []): Variation | undefined {
  const answers = Math.max(0, ...runs.map(({ length }) => length));
  const where: string[] = [];
  const found: (readonly string[] | undefined)[] = [];
  const own: (readonly string[] | undefined)[] = [];
  for (let answer = 0; answer < answers; answer++) {
    const all = runs.map((run) => run[answer] ?? new Uint8Array(0));
    const texts = maskedTexts(all, masks);
    if (areEqual(texts)) continue;
    where.push(describe(variedRegions(texts), answer));
    found.push(masksFor(all, masks));
    own.push(ownLines(all, masks));
  }
  if (where.length === 0) return undefined;
  const ignored = own.every((each) => each !== undefined) ? [...new Set(own.flat())] : undefined;
  if (ignored !== undefined) return { where, ignored };
  const texts = found.every((each) => each !== undefined) ? [...new Set(found.flat())] : undefined;
  return { where, ...(texts === undefined ? {} : { masks: texts }) };
}

/** Which bytes differ, and what to do about it. */
export function whereAndAdvice(variation: Variation): string {
  return `${variation.where.join(', ')}; ${adviceOf(variation)}`;
}

/** What to do about a variation, as a clause: the masks that cover it, as a command line takes them. */
export function adviceOf({ masks, ignored }: Variation): string {
  if (ignored !== undefined)
    return `what the server says by itself is left out by ${ignored.map((text) => `--ignore '${quotable(text)}'`).join(' ')}, or by --mask auto`;
  if (masks === undefined) return 'no mask was found that covers it: pin it down, or mask what may differ';
  return `what may differ is masked by ${masks.map((mask) => `--mask '${quotable(mask)}'`).join(' ')}, or by --mask auto`;
}

/** The masks that make all runs of a variation equal; undefined when none were found. */
export function masksOf({ masks, ignored }: Variation): readonly Mask[] | undefined {
  return ignored?.map(parseIgnored) ?? masks?.map(parseMask);
}

function quotable(expression: string): string {
  return expression.replaceAll("'", String.raw`\x27`);
}

function maskedTexts(answers: readonly Bytes[], masks: readonly Mask[]): readonly string[] {
  return answers.map((answer) => latin1(applyMasks(answer, masks)));
}

function areEqual(texts: readonly string[]): boolean {
  return texts.every((text) => text === texts[0]);
}

function describe(regions: readonly Region[], answer: number): string {
  const shown = regions.slice(0, MAX_SHOWN).map(({ start, seen }) => {
    const longest = Math.max(...seen.map(({ length }) => length));
    const place = longest === 1 ? `byte ${start}` : `bytes ${start} to ${start + longest - 1}`;
    return `${place} (${[...new Set(seen)].slice(0, 2).map(quoted).join(', ')})`;
  });
  const more = regions.length > MAX_SHOWN ? [`${regions.length - MAX_SHOWN} more places`] : [];
  const isOne = regions.length === 1 && regions[0]!.seen.every(({ length }) => length === 1);
  return `in answer ${answer} ${[...shown, ...more].join(' and ')} ${isOne ? 'differs' : 'differ'}`;
}

const LONGEST_QUOTE = 24;

function quoted(text: string): string {
  const short = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return `"${short.replaceAll(/[^ -~…]/g, hexEscape)}"`;
}

function hexEscape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** Named masks where they help, then expressions for the rest; none when they do not cover everything. */
function masksFor(answers: readonly Bytes[], given: readonly Mask[]): readonly string[] | undefined {
  const named = helpfulNames(answers, given);
  const texts = [...named];
  const masks = [...given, ...named.map(parseMask)];
  for (let round = 0; round < MAX_MASKED; round++) {
    const seen = maskedTexts(answers, masks);
    if (areEqual(seen)) return texts;
    const regions = seen.some(({ length }) => length > MAX_SEARCHED_CHARS) ? [] : variedRegions(seen);
    // If one more mask changes nothing there are too many for a command line.
    if (regions.length === MAX_REGIONS && round > 1) return undefined;
    const expression = regions.map(expressionOf).find((each) => each !== undefined && !texts.includes(each));
    if (expression === undefined) return undefined;
    texts.push(expression);
    masks.push(parseMask(expression));
  }
  return undefined;
}

function helpfulNames(answers: readonly Bytes[], given: readonly Mask[]): readonly string[] {
  const names: string[] = [];
  let left = variedRegions(maskedTexts(answers, given)).length;
  for (const mask of MASKS) {
    if (given.includes(mask)) continue;
    const regions = variedRegions(maskedTexts(answers, [...given, ...names.map(parseMask), mask])).length;
    if (regions >= left) continue;
    names.push(mask.name);
    left = regions;
  }
  return names;
}

/** Longest text next to a region that its mask is anchored to, in characters. */
const CONTEXT_CHARS = 24;

/** The mask of one region: the text before it, or else after it, and anything in its place. */
function expressionOf({ before, after, seen, isText }: Region): string | undefined {
  const what = classOf(seen, isText);
  const ahead = before.split(MASKED).at(-1)!.slice(-CONTEXT_CHARS);
  const behind = after.split(MASKED)[0]!.slice(0, CONTEXT_CHARS);
  const end = what.endsWith('*?') ? `(?=${escaped(behind) || END})` : '';
  if (ahead.length > 0) return `(?<keep>${escaped(ahead)})${what}${end}`;
  return behind.length > 0 && !seen.includes('') ? `${what.replace(/\*\?$/, '+?')}(?=${escaped(behind)})` : undefined;
}

/** What masks leave behind: it is not in the answers. */
const MASKED = /<[a-z-]+>/;
const END = String.raw`(?![\s\S])`;

function classOf(seen: readonly string[], isText: boolean): string {
  if (isText) {
    const suffix = seen.includes('') ? '*' : '+';
    for (const each of [String.raw`\d`, String.raw`[\da-fA-F]`, String.raw`\w`, String.raw`[\w.:+/=-]`, String.raw`[^\r\n]`]) {
      if (seen.every((text) => new RegExp(`^${each}*$`).test(text))) return `${each}${suffix}`;
    }
  }
  const [first = ''] = seen;
  return seen.every(({ length }) => length === first.length) ? String.raw`[\s\S]{${first.length}}` : String.raw`[\s\S]*?`;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`).replaceAll(/[^ -~]/g, hexEscape);
}
