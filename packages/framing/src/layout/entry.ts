import { PLAIN_KINDS } from '../codecs/plain/plain-kinds.ts';
import { compileLayout } from '../frame/layout.ts';
import { codecOf, fieldsCodecOf, layoutReader } from './codec-of.ts';
import { frameOptionsOf, hasFields } from './frame-layout.ts';
import { isPlainLayout } from './layout.ts';
import { hexOf } from './reader.ts';
import type { ByteCodec, Bytes } from '../codec.ts';
import type { LengthField } from '../fields/length-field.ts';
import type { FrameOptions } from '../frame/options.ts';
import type { LimitOptions } from './codec-of.ts';
import type { FramedLayout, Layout } from './layout.ts';
import type { Reader } from './reader.ts';

/** One framing: a layout, and facts about it for programs. */
export interface FramingEntry {
  /** The name that command lines and reports use. */
  readonly name: string;
  /** The text from which `framingOf` makes the same framing: the name, the short form, or the layout as JSON. */
  readonly text: string;
  /** One sentence on the wire format. */
  readonly summary: string;
  /** Whether payloads arrive as they were sent, however the stream is cut. False only for `raw`. */
  readonly keepsBoundaries: boolean;
  /**
   * Whether each payload has only one encoding, so that the bytes of a decoded frame may be forwarded unchanged.
   * `line` has not: its lines end with LF or CR LF.
   */
  readonly isCanonical: boolean;
  /** Longest payload that the format can express, in bytes. */
  readonly maxPayloadBytes: number;
  /** Makes the codec. */
  readonly create: (options?: LimitOptions) => ByteCodec;
  /**
   * Some frames of the protocol, when its payloads are whole frames, including their headers, and nothing else can
   * be encoded. Absent when payloads are any bytes (except those that the format itself excludes, as `line`
   * excludes LF).
   */
  readonly exampleFrames?: readonly Bytes[];
  /** The wire format as data. */
  readonly layout: Layout;
}

/** Kinds whose payloads are whole frames. */
const WHOLE_FRAMES: readonly Layout['kind'][] = ['netty', 'choice', 'text', 'resp'];

const MAX_EXAMPLES = 64;
const MAX_EXAMPLE_BYTES = 4096;

/**
 * Facts about a layout for programs.
 *
 * @param layout - JSON, unchecked.
 * @param path - its name in errors.
 * @throws RangeError that says where it is wrong.
 */
export function entryOf(layout: Layout, path: string = 'layout'): FramingEntry {
  const codec = codecOf(layout, {}, path);
  const read = layoutReader(layout, path);
  const options = layout.kind === 'frame' ? frameOptionsOf(read) : undefined;
  const emitsFrames =
    WHOLE_FRAMES.includes(layout.kind) || options?.emit === 'frame' || (options !== undefined && hasFields(options.header));
  return {
    name: codec.name,
    text: JSON.stringify(layout),
    summary: read.has('summary') ? read.string('summary') : `a layout of kind ${layout.kind}`,
    keepsBoundaries: layout.kind !== 'raw',
    // Idle bytes before a frame are none of it: it may not be passed on as it came.
    isCanonical: emitsFrames ? !('idle' in layout) : isCanonical(layout, options),
    maxPayloadBytes: longestOf(layout, options, codec),
    create: (limit) => codecOf(layout, limit, path),
    ...(emitsFrames && { exampleFrames: examplesOf(read, layout) }),
    layout,
  };
}

function isCanonical(layout: Layout, options: FrameOptions | undefined): boolean {
  if (options !== undefined) return isCanonicalFrame(options);
  if (isPlainLayout(layout)) return PLAIN_KINDS[layout.kind].isCanonical;
  switch (layout.kind) {
    case 'line':
      return layout.ending === 'lf' || layout.ending === 'crlf';
    case 'delimited':
      return layout.delimiters.length === 1 && layout.idle === undefined;
    case 'octet-counted':
      return (layout.fallback ?? 'error') === 'error';
    case 'fixed':
      return true;
    case 'frame':
    case 'netty':
    case 'content-length':
    case 'stuffed':
    case 'fragments':
    case 'choice':
    case 'text':
    case 'resp':
      break;
  }
  return false;
}

function isCanonicalFrame({ header, padding, trailer, idle }: FrameOptions): boolean {
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

/** The longest payload that the format can express. */
function longestOf(layout: Layout, options: FrameOptions | undefined, codec: ByteCodec): number {
  const own = layout.maxPayloadBytes ?? Number.MAX_SAFE_INTEGER;
  if (layout.kind === 'fixed' || layout.kind === 'netty') return codec.maxPayloadBytes;
  if (options === undefined) return own;
  const emit = hasFields(options.header) ? ('frame' as const) : (options.emit ?? 'payload');
  return Math.min(own, compileLayout({ ...options, emit }, { defaultMaxPayloadBytes: Number.MAX_SAFE_INTEGER }).maxPayloadBytes);
}

function examplesOf(read: Reader, layout: Layout): readonly Bytes[] {
  if (!read.has('examples')) return layout.kind === 'frame' ? madeExamples(layout) : [];
  const codec = codecOf(layout);
  return read.list('examples', MAX_EXAMPLES).map((example, index) => {
    const path = `${read.at('examples')}[${index}]`;
    const frame = hexOf(example, path, MAX_EXAMPLE_BYTES);
    try {
      return codec.encode(frame);
    } catch (cause) {
      throw new RangeError(`${path} is not a frame of the layout: ${(cause as Error).message}`, { cause });
    }
  });
}

/** Frames with zeros in their fields, and payloads that the length can express. */
function madeExamples(layout: FramedLayout): readonly Bytes[] {
  const options = frameOptionsOf(layoutReader(layout, 'layout'));
  const fields = Object.entries(options.header).filter(([name]) => name !== 'length');
  const values = fields.map(([name, part]) => [name, 'opaqueBytes' in part ? new Uint8Array(part.opaqueBytes) : 0] as const);
  const header = Object.fromEntries(values);
  const frames: Bytes[] = [];
  for (const payloadBytes of [0, 1, 5, 16]) {
    const payload = Uint8Array.from({ length: payloadBytes }, (_, at) => 0x61 + (at % 26));
    try {
      frames.push(
        hasFields(options.header)
          ? fieldsCodecOf(layout).encode({ header, payload })
          : codecOf({ ...layout, emit: 'payload' }).encode(payload),
      );
    } catch {
      // Some lengths are too short or too long for the format.
    }
  }
  return frames;
}
