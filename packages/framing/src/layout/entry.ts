import { compileLayout } from '../frame/layout.ts';
import { codecOf, fieldsCodecOf, layoutReader, payloadsOf } from './codec-of.ts';
import { frameOptionsOf, hasFields } from './frame-layout.ts';
import { hexOf } from './reader.ts';
import type { ByteCodec, Bytes } from '../codec.ts';
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
  const { isCanonical, emitsFrames } = payloadsOf(layout, read);
  return {
    name: codec.name,
    text: JSON.stringify(layout),
    summary: read.has('summary') ? read.string('summary') : `a layout of kind ${layout.kind}`,
    keepsBoundaries: layout.kind !== 'raw',
    isCanonical,
    maxPayloadBytes: longestOf(layout, layout.kind === 'frame' ? frameOptionsOf(read) : undefined, codec),
    create: (limit) => codecOf(layout, limit, path),
    ...(emitsFrames && { exampleFrames: examplesOf(read, layout) }),
    layout,
  };
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
