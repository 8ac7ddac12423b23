import { contentLength } from '../codecs/content-length.ts';
import { octetCounted } from '../codecs/decimal/octet-counted.ts';
import { delimited } from '../codecs/delimited/delimited.ts';
import { line } from '../codecs/delimited/line.ts';
import { fixed } from '../codecs/fixed.ts';
import { resp } from '../codecs/measured/resp.ts';
import { named } from '../codecs/named.ts';
import { PLAIN_KINDS } from '../codecs/plain/plain-kinds.ts';
import { descriptionOf } from '../described.ts';
import { frame } from '../frame/frame.ts';
import { checkedLimit } from '../limits.ts';
import { emitsFrames, FRAME_KEYS, frameOptionsOf, hasFields, isCanonicalFrame, layoutOfFrame } from './frame-layout.ts';
import {
  checksumOf,
  choiceCodec,
  FRAGMENTS_KEYS,
  fragmentsCodec,
  printedMeasured,
  STUFFED_KEYS,
  stuffedCodec,
  TEXT_KEYS,
  textCodec,
} from './measured.ts';
import { fromNetty } from './netty.ts';
import { choiceOf, hexOf, Reader, readOnce } from './reader.ts';
import type { ByteCodec, BytesIn, Codec } from '../codec.ts';
import type { DelimitedChecksum } from '../codecs/measured/started.ts';
import type { PlainDescription } from '../codecs/plain-format.ts';
import type { PlainKindName } from '../codecs/plain/plain-kinds.ts';
import type { FieldsCodec } from '../frame/fields-codec.ts';
import type { HeaderValues } from '../frame/header.ts';
import type { FrameOptions } from '../frame/options.ts';
import type { FramedLayout, Layout, PlainLayout } from './layout.ts';
import type { MeasuredDescription } from './measured.ts';

/** Options that every format takes. */
export interface LimitOptions {
  /** Longest payload, in bytes; at most what the layout allows. */
  readonly maxPayloadBytes?: number;
}

const FACTS = ['$schema', 'kind', 'name', 'summary', 'source', 'examples', 'preamble', 'maxPayloadBytes'];

const UNENDED = ['error', 'emit'] as const;

interface Kind<Own extends Layout = Layout> {
  /** Which keys its layouts have besides {@link FACTS}. */
  readonly keys: readonly string[];
  readonly create: (read: Reader, limit: LimitOptions) => ByteCodec;
  /** Whether each payload has only one encoding. */
  readonly isCanonical: (layout: Own, read: Reader) => boolean;
  /** Whether payloads are whole frames, including their headers; without it they are not. */
  readonly emitsFrames?: (read: Reader) => boolean;
}

const yes = (): boolean => true;
const no = (): boolean => false;

const { raw, ...plain } = Object.fromEntries(
  Object.entries(PLAIN_KINDS).map(([kind, { create, isCanonical }]): [string, Kind<PlainLayout>] => [
    kind,
    { keys: [], create: (_read, limit) => create(limit), isCanonical: () => isCanonical },
  ]),
) as Record<PlainKindName, Kind<PlainLayout>>;

type Kinds = {
  readonly [Own in Exclude<Layout, PlainLayout> as Own['kind']]: Kind<Own>;
} & Readonly<Record<PlainKindName, Kind<PlainLayout>>>;

/** How a layout of each kind becomes a codec, and what its payloads are. */
const KINDS: Kinds = {
  raw,
  line: {
    keys: ['ending', 'unended', 'oversize'],
    create: lineCodec,
    isCanonical: ({ ending }) => ending === 'lf' || ending === 'crlf',
  },
  frame: {
    keys: FRAME_KEYS,
    create: frameCodec,
    isCanonical: (_layout, read) => isCanonicalFrame(frameOptionsOf(read)),
    emitsFrames: (read) => emitsFrames(frameOptionsOf(read)),
  },
  delimited: {
    keys: ['delimiters', 'strip', 'unended', 'start', 'checksum', 'idle'],
    create: delimitedCodec,
    isCanonical: ({ delimiters, idle }) => delimiters.length === 1 && idle === undefined,
  },
  fixed: { keys: ['byteLength'], create: (read) => fixed(read.number('byteLength')), isCanonical: yes },
  'octet-counted': {
    keys: ['fallback'],
    isCanonical: ({ fallback = 'error' }) => fallback === 'error',
    create: (read, limit) =>
      octetCounted({ ...read.optional('fallback', (key) => read.choice(key, ['error', 'lf', 'lf-or-nul'])), ...limit }),
  },
  // A payload that is a whole frame has one encoding: itself. Idle bytes before a frame are none of it.
  resp: { keys: [], create: (_read, limit) => resp(limit), isCanonical: yes, emitsFrames: yes },
  choice: { keys: ['of'], create: (read, limit) => choiceCodec(read, limit, codecOf), isCanonical: yes, emitsFrames: yes },
  text: { keys: TEXT_KEYS, create: textCodec, isCanonical: ({ idle }) => idle === undefined, emitsFrames: yes },
  stuffed: { keys: STUFFED_KEYS, create: stuffedCodec, isCanonical: no },
  fragments: { keys: FRAGMENTS_KEYS, create: fragmentsCodec, isCanonical: no },
  'content-length': {
    keys: ['maxHeaderBytes'],
    isCanonical: no,
    create: (read, limit) => contentLength({ ...read.optional('maxHeaderBytes', (key) => read.number(key)), ...limit }),
  },
  netty: {
    keys: ['maxFrameLength', 'lengthFieldOffset', 'lengthFieldLength', 'lengthAdjustment', 'initialBytesToStrip', 'byteOrder'],
    create: nettyCodec,
    isCanonical: yes,
    emitsFrames: yes,
  },
  ...plain,
};

/** What the payloads of a checked layout are. */
export function payloadsOf(layout: Layout, read: Reader): { readonly isCanonical: boolean; readonly emitsFrames: boolean } {
  const kind = KINDS[layout.kind] as Kind;
  return { isCanonical: kind.isCanonical(layout, read), emitsFrames: kind.emitsFrames?.(read) ?? false };
}

/** Every kind of layout. */
export const LAYOUT_KINDS: readonly Layout['kind'][] = Object.keys(KINDS) as Layout['kind'][];

/** A reader of one layout with the keys of its kind. @throws RangeError for other keys. */
export function layoutReader(layout: unknown, path: string): Reader {
  const object = readOnce(layout, path);
  const kind = LAYOUT_KINDS.find((each) => each === object['kind']);
  const read = new Reader(object, path, kind === undefined ? Object.keys(object) : [...FACTS, ...KINDS[kind].keys]);
  read.choice('kind', LAYOUT_KINDS);
  return read;
}

/**
 * The codec of a layout. Its payloads are bytes: when a header has fields besides the length, they are whole frames.
 *
 * @param layout - JSON, unchecked.
 * @throws RangeError that says where it is wrong, and what is allowed there.
 */
export function codecOf(layout: Layout, { maxPayloadBytes }: LimitOptions = {}, path: string = 'layout'): ByteCodec {
  const read = layoutReader(layout, path);
  const codec = KINDS[read.choice('kind', LAYOUT_KINDS)].create(read, limitOf(read, maxPayloadBytes));
  return read.has('name') ? named(read.string('name'), codec) : codec;
}

/** The chosen limit, at most that of the layout. */
function limitOf(read: Reader, chosen: number | undefined): LimitOptions {
  const own = read.has('maxPayloadBytes') ? checkedLimit(read.number('maxPayloadBytes')) : undefined;
  if (chosen === undefined) return own === undefined ? {} : { maxPayloadBytes: own };
  return { maxPayloadBytes: own === undefined ? chosen : Math.min(checkedLimit(chosen), own) };
}

function lineCodec(read: Reader, limit: LimitOptions): ByteCodec {
  return line({
    ...read.optional('ending', (key) => read.choice(key, ['lf', 'lf-or-crlf', 'crlf', 'any'])),
    ...read.optional('unended', (key) => read.choice(key, UNENDED)),
    ...read.optional('oversize', (key) => read.choice(key, ['error', 'skip'])),
    ...limit,
  });
}

function frameCodec(read: Reader, limit: LimitOptions): ByteCodec {
  const { emit, ...options } = frameOptionsOf(read);
  const name = read.has('name') ? { name: read.string('name') } : {};
  if (emit === 'frame' || hasFields(options.header)) return frame({ ...options, ...name, ...limit, emit: 'frame' });
  const codec: object = frame({ ...options, ...name, ...limit });
  return codec as ByteCodec;
}

/**
 * The codec of a layout whose header has fields, with their values: `{ header, payload }`, where {@link codecOf} returns whole frames.
 *
 * @throws RangeError that says where the layout is wrong, or that its header has no fields.
 */
export function fieldsCodecOf(layout: FramedLayout, { maxPayloadBytes }: LimitOptions = {}): FieldsCodec<HeaderValues> {
  const read = layoutReader(layout, 'layout');
  const { emit: _emit, ...options } = frameOptionsOf(read);
  if (!hasFields(options.header)) throw new RangeError(`the header of ${layout.name ?? 'the layout'} has no fields besides the length`);
  const name = read.has('name') ? { name: read.string('name') } : {};
  return frame({ ...options, ...name, ...limitOf(read, maxPayloadBytes) }) as FieldsCodec<HeaderValues>;
}

function delimitedCodec(read: Reader, limit: LimitOptions): ByteCodec {
  const delimiters = read.list('delimiters', 16).map((each, index): string | BytesIn => {
    if (typeof each === 'string') return each;
    const path = `${read.at('delimiters')}[${index}]`;
    return hexOf(new Reader(each, path, ['bytes']).value('bytes'), `${path}.bytes`, 64);
  });
  return delimited({
    delimiters,
    ...read.optional('strip', (key) => read.boolean(key)),
    ...read.optional('unended', (key) => read.choice(key, UNENDED)),
    ...read.optional('start', (key) => read.hex(key)),
    ...read.optional('idle', (key) => read.hex(key)),
    ...read.optional('checksum', (key) => delimitedChecksumOf(read.value(key), read.at(key))),
    ...limit,
  });
}

function delimitedChecksumOf(value: unknown, path: string): DelimitedChecksum {
  const { covers = 'payloadAndEnd', ...checksum } = readOnce(value, path);
  return { checksum: checksumOf(checksum, path), covers: choiceOf(covers, `${path}.covers`, ['payload', 'payloadAndEnd', 'frame']) };
}

function nettyCodec(read: Reader, { maxPayloadBytes = Number.POSITIVE_INFINITY }: LimitOptions): ByteCodec {
  const strip = read.has('initialBytesToStrip') ? read.number('initialBytesToStrip') : 0;
  return fromNetty({
    maxFrameLength: Math.min(read.number('maxFrameLength'), maxPayloadBytes + strip),
    lengthFieldOffset: read.number('lengthFieldOffset'),
    lengthFieldLength: read.number('lengthFieldLength'),
    initialBytesToStrip: strip,
    ...read.optional('lengthAdjustment', (key) => read.number(key)),
    ...read.optional('byteOrder', (key) => read.choice(key, ['big', 'little'])),
  });
}

/**
 * A codec as data, from which {@link codecOf} makes one that reads and writes the same bytes.
 *
 * @throws RangeError when it contains a function or a field of the program, such as `custom` does.
 */
export function layoutOf(codec: Codec<unknown, never>): Layout {
  const layout = printed(codec);
  if (layout === undefined) throw new RangeError(`${codec.name} has functions of the program, so it cannot be written as a layout`);
  return { ...layout, maxPayloadBytes: codec.maxPayloadBytes };
}

/** The source of a codec: a layout, options of `frame`, or another codec that was renamed. */
type Description =
  | Layout
  | PlainDescription
  | { readonly frame: FrameOptions }
  | { readonly renamed: ByteCodec; readonly name: string }
  | MeasuredDescription;

function printed(codec: object): Layout | undefined {
  const description = descriptionOf(codec) as Description | undefined;
  if (description === undefined || 'kind' in description) return description;
  if ('plain' in description) return { kind: description.plain as PlainKindName };
  if ('frame' in description) return layoutOfFrame(description.frame);
  if (!('renamed' in description)) return printedMeasured(description, printed);
  const layout = printed(description.renamed);
  return layout === undefined ? undefined : { ...layout, name: description.name };
}
