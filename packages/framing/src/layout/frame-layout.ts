import { bytes, reserved } from '../frame/opaque.ts';
import { constant } from '../frame/options.ts';
import { toHex } from '../hex.ts';
import { fieldOf, layoutOfField } from './fields.ts';
import { choiceOf, Reader, wrong } from './reader.ts';
import { layoutOfTrailer, trailerOf } from './trailers.ts';
import type { LengthField } from '../fields/length-field.ts';
import type { Counts, FrameHeader, FrameOptions, HeaderPart, Padding, Trailer } from '../frame/options.ts';
import type { FramedLayout, HeaderPartLayout, TrailerLayout } from './layout.ts';

/** Keys of a layout of this kind, besides those of every layout. */
export const FRAME_KEYS: readonly string[] = ['header', 'counts', 'padding', 'trailer', 'idle', 'emit'];

const MAX_PARTS = 64;

/** The `frame` options of a layout. @throws RangeError that says where it is wrong. */
export function frameOptionsOf(read: Reader): FrameOptions & { readonly emit: 'payload' | 'frame' } {
  const header = headerOf(read.list('header', MAX_PARTS), read.at('header'));
  return {
    header,
    ...read.optional('counts', (key) => countsOf(read.value(key), read.at(key))),
    ...read.optional('padding', (key) => paddingOf(read.value(key), read.at(key))),
    ...read.optional('trailer', (key) => read.list(key, 8).map((part, index) => trailerOf(part, `${read.at(key)}[${index}]`))),
    ...read.optional('idle', (key) => constant(...read.hex(key))),
    emit: read.has('emit') ? read.choice('emit', ['payload', 'frame']) : 'payload',
  };
}

/** Whether a header has fields besides the length. */
export function hasFields(header: FrameHeader): boolean {
  return Object.entries(header).some(([name, part]) => name !== 'length' && !('bytes' in part) && !('reservedBytes' in part));
}

/** Whether payloads are whole frames: asked for, or because a header with fields is part of the message. */
export function emitsFrames({ emit, header }: FrameOptions): boolean {
  return emit === 'frame' || hasFields(header);
}

/** Whether each payload has only one encoding. A frame that begins with idle bytes may not be passed on as it came. */
export function isCanonicalFrame(options: FrameOptions): boolean {
  if (emitsFrames(options)) return options.idle === undefined;
  const { header, padding, trailer, idle } = options;
  const parts = [...Object.values(header), ...(trailer === undefined ? [] : [trailer].flat())];
  const hasLoose = parts.some(
    (part) => 'reservedBytes' in part || ('field' in part ? isLoose(part.field) : 'name' in part && isLoose(part)),
  );
  return !hasLoose && padding === undefined && idle === undefined;
}

/** Whether a number can have several spellings in a field. */
function isLoose(field: LengthField): boolean {
  return 'isCanonical' in field && !(field.isCanonical ?? true);
}

/** The header that a list describes. @throws RangeError that says where it is wrong. */
export function headerOf(parts: readonly unknown[], path: string): FrameHeader {
  const header: Record<string, HeaderPart> = {};
  for (const [index, part] of parts.entries()) {
    const read = new Reader(part, `${path}[${index}]`, ['name', 'field', 'bytes', 'opaque', 'reserved']);
    const name = read.string('name');
    if (!/^[a-z_][\w-]{0,63}$/i.test(name) || name === '__proto__')
      throw wrong(read.at('name'), name, 'a letter, then letters, digits, - and _');
    if (Object.hasOwn(header, name)) throw new RangeError(`${path} has two parts called ${JSON.stringify(name)}`);
    header[name] = partOf(read);
  }
  if (!Object.hasOwn(header, 'length')) throw new RangeError(`${path} has no part called "length"`);
  return header as FrameHeader;
}

function partOf(read: Reader): HeaderPart {
  const kinds = ['field', 'bytes', 'opaque', 'reserved'].filter((kind) => read.has(kind));
  if (kinds.length !== 1)
    throw new RangeError(`${read.path} has ${kinds.join(' and ') || 'none'} of field, bytes, opaque and reserved; allowed: one`);
  if (read.has('field')) return fieldOf(read.value('field'), read.at('field'));
  if (read.has('bytes')) return constant(...read.hex('bytes'));
  return read.has('opaque') ? bytes(read.number('opaque')) : reserved(read.number('reserved'));
}

/** What the length counts. @throws RangeError that says where it is wrong. */
export function countsOf(value: unknown, path: string): Counts {
  if (typeof value !== 'object' || value === null) return choiceOf(value, path, ['payload', 'afterLength', 'frame']);
  return { plus: new Reader(value, path, ['plus']).number('plus') };
}

function paddingOf(value: unknown, path: string): Padding {
  const read = new Reader(value, path, ['to', 'with']);
  return { to: read.number('to'), ...read.optional('with', (key) => read.number(key)) };
}

/** `frame` options as data; `undefined` when they contain a function of the program. */
export function layoutOfFrame({ name, header, counts, padding, trailer, idle, emit = 'payload' }: FrameOptions): FramedLayout | undefined {
  const parts = Object.entries(header).map(([key, part]) => layoutOfPart(key, part));
  const trailers = listOf(trailer).map(layoutOfTrailer);
  if (parts.includes(undefined) || trailers.includes(undefined) || typeof padding?.to === 'function') return undefined;
  return {
    kind: 'frame',
    ...(name !== undefined && { name }),
    header: parts as readonly HeaderPartLayout[],
    ...(counts !== undefined && { counts }),
    ...(padding !== undefined && { padding: padding as { readonly to: number } }),
    ...(trailers.length > 0 && { trailer: trailers as readonly TrailerLayout[] }),
    ...(idle !== undefined && { idle: toHex(idle.bytes) }),
    emit,
  };
}

function listOf(trailer: Trailer | readonly Trailer[] | undefined): readonly Trailer[] {
  if (trailer === undefined) return [];
  return Array.isArray(trailer) ? (trailer as readonly Trailer[]) : [trailer as Trailer];
}

function layoutOfPart(name: string, part: HeaderPart): HeaderPartLayout | undefined {
  if ('bytes' in part) return { name, bytes: toHex(part.bytes) };
  if ('opaqueBytes' in part) return { name, opaque: part.opaqueBytes };
  if ('reservedBytes' in part) return { name, reserved: part.reservedBytes };
  const field = layoutOfField(part satisfies LengthField);
  return field === undefined ? undefined : { name, field };
}
