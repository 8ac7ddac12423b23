import { fixedWidthOf } from '../../fields/length-field.ts';
import { compileLayout } from '../../frame/layout.ts';
import { fromHex } from '../../hex.ts';
import { codecOf, layoutOf, layoutReader } from '../../layout/codec-of.ts';
import { frameOptionsOf } from '../../layout/frame-layout.ts';
import { untranslatable } from '../programs/parts/errors.ts';
import { kaitaiNumber } from './kaitai-numbers.ts';
import type { FrameLayout } from '../../frame/layout.ts';
import type { FrameOptions, HeaderPart } from '../../frame/options.ts';
import type { DelimitedLayout, FramedLayout, Layout, LineLayout } from '../../layout/layout.ts';

/** A value of YAML: what a .ksy file consists of. */
export type Yaml = string | number | boolean | readonly Yaml[] | { readonly [key: string]: Yaml };
type Attribute = Readonly<Record<string, Yaml>>;

/**
 * A .ksy file of a layout: the stream as a list of frames, each with the parts of its header and its `payload`. Kaitai reads a stream that is there as a whole, and
 * computes no checksums: these are read as bytes.
 *
 * @throws RangeError that says where the layout is wrong, or which part of it Kaitai has no words for.
 */
export function kaitai(facts: Layout): string {
  const layout = layoutOf(codecOf(facts));
  if (facts.preamble !== undefined) throw untranslatable('preamble', 'a .ksy sees the stream from its first byte');
  const { frame, types } = frameTypeOf(layout);
  const doc = [facts.summary, facts.source === undefined ? undefined : `Source: ${facts.source}`].filter((text) => text !== undefined);
  return printed({
    meta: { id: idOf(facts.name ?? layout.kind), title: facts.name ?? layout.kind, endian: 'be' },
    ...(doc.length > 0 && { doc: doc.join('. ') }),
    seq: [{ id: 'frames', type: 'frame', repeat: 'eos' }],
    types: { frame, ...types },
  });
}

interface FrameType {
  readonly frame: Yaml;
  readonly types: Readonly<Record<string, Yaml>>;
}

function frameTypeOf(layout: Layout): FrameType {
  if (layout.kind === 'frame') return framedType(layout);
  if (layout.kind === 'fixed') return plainType([{ id: 'payload', size: layout.byteLength }]);
  if (layout.kind === 'line') return plainType([lineAttribute(layout)]);
  if (layout.kind === 'delimited') return plainType([delimitedAttribute(layout)]);
  throw untranslatable(`kind ${layout.kind}`, 'Kaitai has headers, ends of one byte and fixed lengths');
}

function plainType(seq: readonly Attribute[]): FrameType {
  return { frame: { seq }, types: {} };
}

function lineAttribute({ ending }: LineLayout): Attribute {
  if (ending !== 'lf') throw untranslatable(`ending ${ending}`, 'an end of Kaitai is one byte, so ending lf alone can be written');
  return { id: 'payload', terminator: 0x0a };
}

function delimitedAttribute({ delimiters, strip, start }: DelimitedLayout): Attribute {
  const [delimiter] = delimiters;
  const end = typeof delimiter === 'string' ? new TextEncoder().encode(delimiter) : fromHex(delimiter!.bytes)!;
  if (start !== undefined) throw untranslatable('start', 'a payload between two marks is not told from its length');
  if (delimiters.length > 1 || end.length > 1) throw untranslatable('delimiters', 'an end of Kaitai is one byte');
  return { id: 'payload', terminator: end[0]!, ...(strip === false && { include: true }) };
}

function framedType(layout: FramedLayout): FrameType {
  const options = frameOptionsOf(layoutReader(layout, 'layout'));
  const compiled = compileLayout({ ...options, emit: 'payload' }, { defaultMaxPayloadBytes: Number.MAX_SAFE_INTEGER });
  const types: Record<string, Yaml> = {};
  const seq = [...idleAttributes(options), ...headerAttributes(options, types), ...bodyAttributes(compiled)];
  return { frame: { seq, instances: { payload_size: { value: sizeOf(compiled) } } }, types };
}

/** Idle bytes are read up to the first one that is none, which is the first of the constant behind them. */
function idleAttributes({ idle, header }: FrameOptions): readonly Attribute[] {
  if (idle === undefined) return [];
  const first = firstConstant(header)[0]!;
  const isNone = [...idle.bytes].map((byte) => `_ != ${byte}`).join(' and ');
  return [{ id: 'lead', type: 'u1', repeat: 'until', 'repeat-until': isNone, valid: { 'any-of': [...idle.bytes, first] } }];
}

function firstConstant(header: FrameOptions['header']): Uint8Array {
  const [part] = Object.values(header);
  return part !== undefined && 'bytes' in part ? part.bytes : new Uint8Array(1);
}

function headerAttributes({ header, idle }: FrameOptions, types: Record<string, Yaml>): readonly Attribute[] {
  return Object.entries(header).flatMap(([name, part], index) => {
    const id = attributeId(name);
    if (!('bytes' in part)) return [headerAttribute(id, part, types)];
    // The lead has its first byte.
    const contents = idle !== undefined && index === 0 ? part.bytes.subarray(1) : part.bytes;
    return contents.length === 0 ? [] : [{ id, contents: [...contents] }];
  });
}

function headerAttribute(id: string, part: Exclude<HeaderPart, { readonly bytes: unknown }>, types: Record<string, Yaml>): Attribute {
  if ('opaqueBytes' in part) return { id, size: part.opaqueBytes };
  if ('reservedBytes' in part) return { id, size: part.reservedBytes };
  const { attribute, type } = kaitaiNumber(part);
  if (type !== undefined) types[type.name] = type.definition as Yaml;
  return { id, ...attribute };
}

function bodyAttributes({ padding, trailers }: FrameLayout): readonly Attribute[] {
  const attributes: Attribute[] = [{ id: 'payload', size: 'payload_size' }];
  if (padding !== undefined) {
    attributes.push({ id: 'padding', size: `(${Number(padding.to)} - payload_size % ${Number(padding.to)}) % ${Number(padding.to)}` });
  }
  for (const [index, trailer] of trailers.entries()) {
    const id = `trailer_${index}`;
    attributes.push('bytes' in trailer ? { id, contents: [...trailer.bytes] } : { id, size: fixedWidthOf(trailer.checksum.field)! });
  }
  return attributes;
}

function sizeOf({ adjustment, length }: FrameLayout): string {
  const number = kaitaiNumber(length).value(attributeId('length'));
  if (adjustment === 0) return number;
  return adjustment > 0 ? `${number} - ${adjustment}` : `${number} + ${-adjustment}`;
}

/** Ids of Kaitai have small letters, digits and underscores. `length` is a word of the language, as `size` is. */
function attributeId(name: string): string {
  const id = idOf(name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`));
  return ['length', 'size', 'payload', 'padding', 'lead', 'payload_size'].includes(id) ? `${id}_field` : id;
}

function idOf(name: string): string {
  const id = name
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return /^[a-z]/.test(id) ? id : `layout_${id}`;
}

function printed(value: Yaml): string {
  return `${yamlLines(value, '').join('\n')}\n`;
}

/** YAML, all texts quoted as JSON quotes them, which YAML takes. */
function yamlLines(value: Yaml, indent: string): readonly string[] {
  return Object.entries(value as { readonly [key: string]: Yaml }).flatMap(([key, each]) => {
    if (typeof each !== 'object') return [`${indent}${key}: ${JSON.stringify(each)}`];
    if (!Array.isArray(each)) return [`${indent}${key}:`, ...yamlLines(each, `${indent}  `)];
    if (each.every((item) => typeof item !== 'object')) return [`${indent}${key}: ${JSON.stringify(each)}`];
    return [`${indent}${key}:`, ...each.flatMap((item) => listItem(item as Yaml, indent))];
  });
}

function listItem(item: Yaml, indent: string): readonly string[] {
  const [first = '', ...rest] = yamlLines(item, `${indent}    `);
  return [`${indent}  - ${first.trimStart()}`, ...rest];
}
