import { fromHex } from '../../hex.ts';
import { DEFAULT_MAX_HEADER_BYTES } from '../../limits.ts';
import { idleLines } from './frame.ts';
import { chunkedLines } from './parts/text-chunks.ts';
import { askedHeaders, conditionLines, headerLines, placeLines } from './parts/text-head.ts';
import {
  BAD_TRAILER,
  blockLines,
  BODIES,
  CHUNK_SIZE,
  HEAD,
  inPhase,
  lineLines,
  MALFORMED,
  moveTo,
  TOO_LARGE,
  WAIT,
  WHOLE,
} from './parts/text-lines.ts';
import type { TextBody, TextRule } from '../../codecs/measured/text-rules.ts';
import type { TextLayout } from '../../layout/layout.ts';
import type { ProgramText } from './language.ts';

/** The program of texts. `base` is where the part under way begins, `seen` how far it was searched, `lineAt` where the line under way begins. */
export function textProgram({
  head,
  rules = [{ body: 'none' }],
  idle,
  maxHeaderBytes = DEFAULT_MAX_HEADER_BYTES,
}: TextLayout): ProgramText {
  const isChunked = rules.some(({ body }) => body === 'chunked');
  const lines = [
    `if phase == ${HEAD} && seen == start {`,
    ...idleLines(fromHex(idle ?? '')),
    'seen = start',
    '}',
    'need start + 1',
    'stop = n',
    'if stop > start + max {',
    'stop = start + max',
    '}',
    'isOpen = 1',
    'while isOpen == 1 {',
    ...inPhase(HEAD, [...(head === 'line' ? lineLines(maxHeaderBytes) : blockLines(maxHeaderBytes)), ...readHead(head, rules)]),
    ...inPhase(WHOLE, ['need start + base', 'frame start, start + base, start + base']),
    ...(isChunked ? chunkedLines(maxHeaderBytes) : []),
    ...rules.flatMap(({ body }, index) => inPhase(BODIES + index, bodyLines(body))),
    '}',
  ];
  return { lines, state: ['phase', 'base', 'lineAt'] };
}

/** What follows the head that ends before `after`: the first rule that fits says it. */
function readHead(head: TextLayout['head'], rules: readonly TextRule[]): readonly string[] {
  const asked = askedHeaders(rules);
  return [
    'head = start + base',
    'first = head',
    'while b[first] != 10 {',
    'first = first + 1',
    '}',
    'rest = first + 1',
    'if first > head && b[first - 1] == 13 {',
    'first = first - 1',
    '}',
    ...(head === 'block'
      ? headerLines(asked)
      : asked.flatMap(({ values }, index) => [`has${index} = 0`, ...values.map((_, at) => `is${index}of${at} = 0`)])),
    'rule = 0',
    ...rules.flatMap(({ when = [] }, index) => [
      'if rule == 0 {',
      'fits = 1',
      ...[when].flat().flatMap((condition) => conditionLines(condition, asked)),
      'if fits == 1 {',
      `rule = ${index + 1}`,
      '}',
      '}',
    ]),
    'if rule == 0 {',
    ...MALFORMED,
    ...rules.flatMap(({ body }, index) => [`if rule == ${index + 1} {`, ...followLines(body, index, asked), '}']),
  ];
}

function followLines(body: TextBody, index: number, asked: Parameters<typeof placeLines>[1]): readonly string[] {
  if (body === 'none') return ['frame start, after, after'];
  if (body === 'refuse') return ['fail FRAME_ERR_MALFORMED_LENGTH'];
  if (body === 'chunked') return moveTo(CHUNK_SIZE, 'after - start');
  if (body === 'more') return moveTo(HEAD, 'after - start');
  if ('until' in body) return moveTo(BODIES + index, 'after - start');
  const next = body.thenMore === true ? HEAD : body.trailer === undefined ? WHOLE : BODIES + index;
  return [
    ...placeLines(body.length, asked),
    'if to == from || to - from > 16 {',
    ...MALFORMED,
    'value = 0',
    'while from < to {',
    'if b[from] < 48 || b[from] > 57 {',
    ...MALFORMED,
    'value = value * 10 + b[from] - 48',
    'from = from + 1',
    '}',
    'if after - start + value > max {',
    ...TOO_LARGE,
    ...moveTo(next, 'after - start + value'),
  ];
}

/** What is between or behind the bytes of a rule. */
function bodyLines(body: TextBody): readonly string[] {
  if (typeof body === 'string') return [];
  if ('until' in body) return untilLines(fromHex(body.until)!);
  return body.trailer === undefined || body.thenMore === true ? [] : trailerLines(fromHex(body.trailer)!);
}

function untilLines(until: Uint8Array): readonly string[] {
  const ends = Array.from(until, (byte, index) => ` && b[seen - ${until.length - index}] == ${byte}`).join('');
  return [
    'while seen < stop {',
    'seen = seen + 1',
    `if seen - start - base >= ${until.length}${ends} {`,
    'frame start, seen, seen',
    '}',
    '}',
    ...WAIT,
  ];
}

function trailerLines(trailer: Uint8Array): readonly string[] {
  return [
    ...Array.from(trailer, (byte, at) => [`if stop > start + base + ${at} && b[start + base + ${at}] != ${byte} {`, ...BAD_TRAILER]).flat(),
    `if stop < start + base + ${trailer.length} {`,
    ...WAIT,
    '}',
    `frame start, start + base + ${trailer.length}, start + base + ${trailer.length}`,
  ];
}
