import { untranslatable } from './errors.ts';
import { MALFORMED } from './text-lines.ts';
import type { TextCondition, TextLength, TextRule } from '../../../codecs/measured/text-rules.ts';

/** A header line that rules ask for: whether it is there, which values it may have, whether it has the length. */
interface AskedHeader {
  readonly name: string;
  readonly values: readonly (readonly string[])[];
  readonly hasLength: boolean;
}

/** The header lines that rules ask for, each once. */
export function askedHeaders(rules: readonly TextRule[]): readonly AskedHeader[] {
  const conditions = rules.flatMap(({ when = [] }) => [when].flat()).flatMap(({ header }) => (header === undefined ? [] : [header]));
  const lengths = rules.flatMap(({ body }) =>
    typeof body === 'object' && 'length' in body && 'header' in body.length ? [body.length.header] : [],
  );
  const names = [...new Set([...conditions.map(({ name }) => name), ...lengths].map((name) => name.toLowerCase()))];
  return names.map((name) => ({
    name,
    values: conditions.flatMap((each) => (each.name.toLowerCase() === name && each.is !== undefined ? [each.is] : [])),
    hasLength: lengths.some((each) => each.toLowerCase() === name),
  }));
}

/** Reads the header lines from `rest` to `after`: `has0` of the first asked one is 1 when it is there, `from0` and `to0` are its value. */
export function headerLines(asked: readonly AskedHeader[]): readonly string[] {
  return [
    ...asked.flatMap(({ values }, index) => [`has${index} = 0`, `differs${index} = 0`, ...values.map((_, at) => `is${index}of${at} = 0`)]),
    'index = rest',
    'while index < after {',
    'from = index',
    'while b[index] != 10 {',
    'index = index + 1',
    '}',
    'to = index',
    'index = index + 1',
    'if to > from && b[to - 1] == 13 {',
    'to = to - 1',
    '}',
    'if to > from {',
    'colon = from',
    'while colon < to && b[colon] != 58 {',
    'if b[colon] == 32 || b[colon] == 9 {',
    ...MALFORMED,
    'colon = colon + 1',
    '}',
    'if colon == from || colon == to {',
    ...MALFORMED,
    ...asked.flatMap(askedLines),
    '}',
    '}',
  ];
}

function askedLines({ name, values, hasLength }: AskedHeader, index: number): readonly string[] {
  return [
    `if ${isText(name, 'from', 'colon')} {`,
    'valueFrom = colon + 1',
    `while valueFrom < to && ${isBlank('valueFrom')} {`,
    'valueFrom = valueFrom + 1',
    '}',
    'valueTo = to',
    `while valueTo > valueFrom && ${isBlank('valueTo - 1')} {`,
    'valueTo = valueTo - 1',
    '}',
    ...values.flatMap((texts, at) => anyText(texts, 'valueFrom', 'valueTo', `is${index}of${at}`)),
    ...(hasLength ? lengthLines(index) : []),
    `has${index} = 1`,
    '}',
  ];
}

/** Two lengths that differ are refused: two readers would see other frames. */
function lengthLines(index: number): readonly string[] {
  return [
    `if has${index} == 0 {`,
    `from${index} = valueFrom`,
    `to${index} = valueTo`,
    '}',
    `if to${index} - from${index} != valueTo - valueFrom {`,
    `differs${index} = 1`,
    '} else {',
    'at = 0',
    'while valueFrom + at < valueTo {',
    `if b[from${index} + at] != b[valueFrom + at] {`,
    `differs${index} = 1`,
    '}',
    'at = at + 1',
    '}',
    '}',
  ];
}

/** The lines that set `fits` to 0 unless the head is like that. */
export function conditionLines(condition: TextCondition, asked: readonly AskedHeader[]): readonly string[] {
  const { startsWith, word, character, header, endsWith } = condition;
  return [
    ...(startsWith === undefined ? [] : whenNot(startsWith.map((text) => matches(text, 'head', 'first')))),
    ...(word === undefined
      ? []
      : [...wordLines(word.at), ...whenNot(word.is.filter((text) => text !== '').map((text) => isText(text, 'from', 'to')))]),
    ...(character === undefined ? [] : whenNot(characterTests(character))),
    ...(endsWith === undefined ? [] : endsWith === '{n}' ? [...bracesLines(), ...whenNot(['to > from'])] : whenNot([endsIn(endsWith)])),
    ...(header === undefined ? [] : whenNot([headerTest(header, asked)])),
  ];
}

function whenNot(tests: readonly string[]): readonly string[] {
  return ['isOne = 0', ...tests.flatMap((test) => [`if ${test} {`, 'isOne = 1', '}']), 'if isOne == 0 {', 'fits = 0', '}'];
}

function headerTest({ name, is }: NonNullable<TextCondition['header']>, asked: readonly AskedHeader[]): string {
  const index = asked.findIndex((each) => each.name === name.toLowerCase());
  return is === undefined ? `has${index} == 1` : `is${index}of${asked[index]!.values.indexOf(is)} == 1`;
}

/** A place behind the line is none of its characters; of conditions it is a line end. */
function characterTests({ at, is }: { readonly at: number; readonly is: string }): readonly string[] {
  const isPlace = Number.isInteger(at) && at >= 0;
  const there = isPlace ? Array.from(checkedText(is), (each) => `first > head + ${at} && b[head + ${at}] == ${each.charCodeAt(0)}`) : [];
  return is.includes('\n') ? [...there, isPlace ? `first <= head + ${at}` : 'first >= head'] : there;
}

function endsIn(text: string): string {
  const bytes = Array.from(checkedText(text), (each, at) => ` && b[first - ${text.length - at}] == ${each.charCodeAt(0)}`);
  return `first - head >= ${text.length}${bytes.join('')}`;
}

function matches(text: string, from: string, to: string): string {
  return `${to} - ${from} >= ${text.length}${Array.from(checkedText(text), (each, at) => ` && b[${from} + ${at}] == ${each.charCodeAt(0)}`).join('')}`;
}

/** Whether the bytes are this text, in any case. */
function isText(text: string, from: string, to: string): string {
  const lower = checkedText(text.toLowerCase());
  const bytes = Array.from(lower, (each, at) => ` && ${isLetter(each, `b[${from} + ${at}]`)}`);
  return `${to} - ${from} == ${lower.length}${bytes.join('')}`;
}

function isLetter(lower: string, byte: string): string {
  const [small, capital] = [lower, lower.toUpperCase()].map((each) => each.charCodeAt(0));
  return small === capital ? `${byte} == ${small}` : `(${byte} == ${small} || ${byte} == ${capital})`;
}

function anyText(texts: readonly string[], from: string, to: string, flag: string): readonly string[] {
  return texts.flatMap((text) => [`if ${isText(text, from, to)} {`, `${flag} = 1`, '}']);
}

/** Text of a condition as bytes: heads are read in a character set of one byte, of which other languages need only this half. */
function checkedText(text: string): string {
  if (!/[^\p{ASCII}]/u.test(text)) return text;
  throw untranslatable(`text ${JSON.stringify(text)}`, 'programs compare the characters of ASCII');
}

function isBlank(at: string): string {
  return `((b[${at}] >= 9 && b[${at}] <= 13) || b[${at}] == 32 || b[${at}] == 160)`;
}

/** Where a length is written: `from` and `to`, and 1 in `isOne` when it is there twice and differs. */
export function placeLines(length: TextLength, asked: readonly AskedHeader[]): readonly string[] {
  if ('word' in length) return wordLines(length.word);
  if ('braces' in length) return bracesLines();
  const index = asked.findIndex(({ name }) => name === length.header.toLowerCase());
  return ['from = 0', 'to = 0', `if has${index} == 1 && differs${index} == 0 {`, `from = from${index}`, `to = to${index}`, '}'];
}

/** The word of the first line with this number, from its end when that is negative; an empty run when there is none. */
function wordLines(number: number): readonly string[] {
  const at = Math.trunc(number);
  const [step, wanted] = at < 0 ? [backwards, -at] : [forwards, at + 1];
  return ['from = head', 'to = head', 'count = 0', ...step(wanted), `if count < ${wanted} {`, 'from = to', '}'];
}

function forwards(wanted: number): readonly string[] {
  return [
    'index = head',
    `while index < first && count < ${wanted} {`,
    'if b[index] == 32 {',
    'index = index + 1',
    '} else {',
    'from = index',
    'while index < first && b[index] != 32 {',
    'index = index + 1',
    '}',
    'to = index',
    'count = count + 1',
    '}',
    '}',
  ];
}

function backwards(wanted: number): readonly string[] {
  return [
    'index = first',
    `while index > head && count < ${wanted} {`,
    'if b[index - 1] == 32 {',
    'index = index - 1',
    '} else {',
    'to = index',
    'while index > head && b[index - 1] != 32 {',
    'index = index - 1',
    '}',
    'from = index',
    'count = count + 1',
    '}',
    '}',
  ];
}

/** The digits between braces at the end of the first line, with a plus behind them or not; an empty run when there are none. */
function bracesLines(): readonly string[] {
  return [
    'from = head',
    'to = head',
    'if first > head + 2 && b[first - 1] == 125 {',
    'to = first - 1',
    'if b[to - 1] == 43 {',
    'to = to - 1',
    '}',
    'from = to',
    'while from > head && b[from - 1] >= 48 && b[from - 1] <= 57 {',
    'from = from - 1',
    '}',
    'if from == head || to - from > 16 || b[from - 1] != 123 {',
    'from = to',
    '}',
    '}',
  ];
}
