import { choice } from '../codecs/measured/choice.ts';
import { fragments } from '../codecs/measured/fragments.ts';
import { stuffed } from '../codecs/measured/stuffed.ts';
import { text } from '../codecs/measured/text.ts';
import { toHex } from '../hex.ts';
import { countsOf, headerOf, layoutOfFrame } from './frame-layout.ts';
import { choiceOf, hexOf, Reader, wrong } from './reader.ts';
import { textRulesOf } from './text-rules.ts';
import { layoutOfTrailer, trailerOf } from './trailers.ts';
import type { ByteCodec } from '../codec.ts';
import type { ChoiceOptions } from '../codecs/measured/choice.ts';
import type { FragmentTypes } from '../codecs/measured/fragment-types.ts';
import type { FragmentsGoOn, FragmentsOptions } from '../codecs/measured/fragments.ts';
import type { StartedMarks } from '../codecs/measured/started.ts';
import type { StuffedOptions } from '../codecs/measured/stuffed.ts';
import type { TextOptions } from '../codecs/measured/text.ts';
import type { Checksum } from '../frame/checksum.ts';
import type { ChecksumLayout, ChoiceLayout, DelimitedLayout, FragmentsLayout, Layout, StuffedLayout, TextLayout } from './layout.ts';

interface Limit {
  readonly maxPayloadBytes?: number;
}

export const STUFFED_KEYS = ['flag', 'escape', 'replace', 'checksum', 'aborted'] as const;
export const FRAGMENTS_KEYS = ['header', 'counts', 'goOn', 'counter', 'types', 'maskingKey', 'maxFragmentBytes'] as const;
export const TEXT_KEYS = ['head', 'rules', 'idle', 'maxHeaderBytes'] as const;

const MAX_PARTS = 64;

/** The codec of a layout of this kind. @throws RangeError that says where it is wrong. */
export function stuffedCodec(read: Reader, limit: Limit): ByteCodec {
  return stuffed({
    flag: byteOf(read.value('flag'), read.at('flag')),
    escape: byteOf(read.value('escape'), read.at('escape')),
    replace: replaceOf(read),
    ...read.optional('checksum', (key) => checksumOf(read.value(key), read.at(key))),
    ...read.optional('aborted', (key) => read.choice(key, ['error', 'skip'])),
    ...limit,
  });
}

function byteOf(value: unknown, path: string): number {
  return hexOf(value, path, 1)[0]!;
}

function replaceOf(read: Reader): StuffedOptions['replace'] {
  const path = read.at('replace');
  if (typeof read.value('replace') === 'string') return byteOf(read.value('replace'), path);
  return read.list('replace', MAX_PARTS).map((pair, index) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw wrong(`${path}[${index}]`, pair, 'a byte and what is written for it, in hex');
    return [byteOf(pair[0], `${path}[${index}][0]`), byteOf(pair[1], `${path}[${index}][1]`)] as const;
  });
}

/** A checksum that covers what its place says. @throws RangeError that says where it is wrong. */
export function checksumOf(value: unknown, path: string): Checksum {
  const trailer = trailerOf(value, path);
  if ('bytes' in trailer) throw wrong(path, value, 'a checksum');
  return trailer;
}

/** The codec of a layout of this kind. @throws RangeError that says where it is wrong. */
export function fragmentsCodec(read: Reader, limit: Limit): ByteCodec {
  const frame = {
    header: headerOf(read.list('header', MAX_PARTS), read.at('header')),
    ...read.optional('counts', (key) => countsOf(read.value(key), read.at(key))),
  };
  return fragments({
    frame,
    goOn: goOnOf(read.value('goOn'), read.at('goOn')),
    ...read.optional('counter', (key) => read.string(key)),
    ...read.optional('types', (key) => typesOf(read.value(key), read.at(key))),
    ...read.optional('maskingKey', (key) => read.hex(key)),
    ...read.optional('maxFragmentBytes', (key) => read.number(key)),
    ...limit,
  });
}

function goOnOf(value: unknown, path: string): FragmentsGoOn {
  const read = new Reader(value, path, ['bit', 'at', 'set', 'length']);
  if (read.has('length')) return { length: new Reader(value, path, ['length']).number('length') };
  return { bit: read.number('bit'), at: read.number('at'), set: read.choice('set', ['last', 'more']) };
}

function typesOf(value: unknown, path: string): FragmentTypes {
  const read = new Reader(value, path, ['at', 'bits', 'first', 'next', 'control', 'maxControlBytes', 'onControl']);
  const numbers = (key: string): readonly number[] =>
    read.list(key, MAX_PARTS).map((each, index) => {
      if (typeof each !== 'number') throw wrong(`${read.at(key)}[${index}]`, each, 'a whole number');
      return each;
    });
  return {
    at: read.number('at'),
    bits: read.number('bits'),
    first: numbers('first'),
    next: numbers('next'),
    ...read.optional('control', numbers),
    ...read.optional('maxControlBytes', (key) => read.number(key)),
    ...read.optional('onControl', (key) => read.choice(key, ['skip', 'emit'])),
  };
}

/** The codec of a layout of this kind. @throws RangeError that says where it is wrong. */
export function choiceCodec(read: Reader, limit: Limit, codecOf: (layout: Layout, limit: Limit, path: string) => ByteCodec): ByteCodec {
  const of = read.list('of', 16).map((each, index) => {
    const path = `${read.at('of')}[${index}]`;
    const alternative = new Reader(each, path, ['startsWith', 'layout']);
    const layout = alternative.value('layout') as Layout | undefined;
    const { kind, types } = (layout ?? {}) as { readonly kind?: unknown; readonly types?: unknown };
    if (types !== undefined) throw wrong(`${path}.layout.types`, types, 'fragments without types: control frames are no part of a frame');
    if (kind === 'choice' || kind === 'raw') throw wrong(`${path}.layout.kind`, kind, 'kinds that find one frame');
    const codec = codecOf(layout!, {}, `${path}.layout`);
    const { maxPayloadBytes = codec.maxPayloadBytes } = limit;
    return {
      ...alternative.optional('startsWith', (key) => alternative.hex(key)),
      codec: maxPayloadBytes < codec.maxPayloadBytes ? codecOf(layout!, limit, `${path}.layout`) : codec,
    };
  });
  return choice({ of, ...limit });
}

/** The codec of a layout of this kind. @throws RangeError that says where it is wrong. */
export function textCodec(read: Reader, limit: Limit): ByteCodec {
  return text({
    head: choiceOf(read.value('head'), read.at('head'), ['line', 'block']),
    ...read.optional('rules', () => textRulesOf(read)),
    ...read.optional('idle', (key) => read.hex(key)),
    ...read.optional('maxHeaderBytes', (key) => read.number(key)),
    ...limit,
  });
}

/** What the codecs of these kinds were made from. */
export type MeasuredDescription =
  | { readonly stuffed: StuffedOptions }
  | { readonly fragments: FragmentsOptions; readonly maxFragmentBytes: number }
  | { readonly choice: ChoiceOptions['of'] }
  | { readonly text: TextOptions }
  | { readonly started: StartedMarks };

/** As data; `undefined` when something in it is a function of the program. */
export function printedMeasured(description: MeasuredDescription, printed: (codec: object) => Layout | undefined): Layout | undefined {
  if ('stuffed' in description) return printedStuffed(description.stuffed);
  if ('fragments' in description) return printedFragments(description.fragments, description.maxFragmentBytes);
  if ('choice' in description) return printedChoice(description.choice, printed);
  if ('started' in description) return printedStarted(description.started);
  const { head, rules, idle, maxHeaderBytes } = description.text;
  return {
    kind: 'text',
    head,
    ...(rules !== undefined && { rules }),
    ...(idle !== undefined && { idle: toHex(idle) }),
    ...(maxHeaderBytes !== undefined && { maxHeaderBytes }),
  } satisfies TextLayout;
}

function printedStarted({ start, end, check, idle }: StartedMarks): DelimitedLayout | undefined {
  const checksum = check === undefined ? undefined : layoutOfChecksum(check.checksum);
  if (check !== undefined && checksum === undefined) return undefined;
  return {
    kind: 'delimited',
    start: toHex(start),
    delimiters: [{ bytes: toHex(end) }],
    ...(checksum !== undefined && { checksum: { ...checksum, covers: check!.covers } }),
    ...(idle.length > 0 && { idle: toHex(Uint8Array.from(idle)) }),
  };
}

function byte(value: number): string {
  return toHex(Uint8Array.of(value));
}

function printedStuffed({ flag, escape, replace, aborted = 'error', checksum }: StuffedOptions): StuffedLayout | undefined {
  const check = checksum === undefined ? undefined : layoutOfChecksum(checksum);
  if (checksum !== undefined && check === undefined) return undefined;
  return {
    kind: 'stuffed',
    flag: byte(flag),
    escape: byte(escape),
    replace: typeof replace === 'number' ? byte(replace) : replace.map(([from, to]) => [byte(from), byte(to)] as const),
    aborted,
    ...(check !== undefined && { checksum: check }),
  };
}

/** A checksum whose place says what it covers, as data; `undefined` of somebody's own. */
function layoutOfChecksum(checksum: Checksum): ChecksumLayout | undefined {
  const layout = layoutOfTrailer(checksum) as Record<string, unknown> | undefined;
  if (layout === undefined) return undefined;
  const { covers: _covers, ...others } = layout;
  return others as unknown as ChecksumLayout;
}

function printedFragments(
  { frame, goOn, counter, types, maskingKey }: FragmentsOptions,
  maxFragmentBytes: number,
): FragmentsLayout | undefined {
  const layout = layoutOfFrame({ header: frame.header, ...(frame.counts !== undefined && { counts: frame.counts }) });
  if (layout === undefined) return undefined;
  return {
    kind: 'fragments',
    header: layout.header,
    ...(layout.counts !== undefined && { counts: layout.counts }),
    goOn,
    ...(counter !== undefined && { counter }),
    ...(types !== undefined && { types }),
    ...(maskingKey !== undefined && { maskingKey: toHex(maskingKey) }),
    ...(!('length' in goOn) && { maxFragmentBytes }),
  };
}

function printedChoice(of: ChoiceOptions['of'], printed: (codec: object) => Layout | undefined): ChoiceLayout | undefined {
  const alternatives = of.map(({ startsWith, codec }) => {
    const layout = printed(codec);
    if (layout === undefined) return undefined;
    const whole = { ...layout, maxPayloadBytes: codec.maxPayloadBytes };
    return { ...(startsWith !== undefined && { startsWith: toHex(startsWith) }), layout: whole };
  });
  return alternatives.includes(undefined) ? undefined : { kind: 'choice', of: alternatives as ChoiceLayout['of'] };
}
