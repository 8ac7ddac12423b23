import { isInteger } from '../../fields/length-field.ts';
import { compileLayout } from '../../frame/layout.ts';
import { frameOptionsOf, hasFields } from '../../layout/frame-layout.ts';
import { checkLines } from './checksums.ts';
import { readerOf } from './parts/fields.ts';
import type { ConstantRun, FrameLayout } from '../../frame/layout.ts';
import type { FrameOptions } from '../../frame/options.ts';
import type { HeaderEdge, PlacedChecksum, PlacedTrailer } from '../../frame/place-trailers.ts';
import type { NettyLayout } from '../../layout/layout.ts';
import type { Reader } from '../../layout/reader.ts';

/** The program of a layout of kind `frame`. */
export function frameProgram(read: Reader): readonly string[] {
  const options = frameOptionsOf(read);
  const emit = hasFields(options.header) ? ('frame' as const) : options.emit;
  return programOf({ ...options, emit }, compileLayout({ ...options, emit }, { defaultMaxPayloadBytes: Number.MAX_SAFE_INTEGER }), 0);
}

/** The program of `fromNetty` layouts: ignored bytes, a length, and stripped bytes. */
export function nettyProgram(layout: NettyLayout): readonly string[] {
  const { lengthFieldOffset: offset, lengthFieldLength: bytes, lengthAdjustment = 0, initialBytesToStrip: strip = 0 } = layout;
  const name = bytes === 1 ? 'u8' : `u${bytes * 8}${layout.byteOrder === 'little' ? 'le' : 'be'}`;
  const at = `start${plus(offset)}`;
  // Stripped bytes after the length must be there.
  const after = Math.max(0, strip - offset - bytes);
  const { measure, read } = readerOf({ name, byteLength: bytes, min: 0, max: 2 ** 53 - 1 } as never, at);
  return [
    ...measure,
    `need ${at}${plus(bytes + after)}`,
    ...read,
    ...refusals({ bytes, isSigned: false, minLength: 0, adjustment: after - lengthAdjustment, mayBeHuge: bytes === 8 }),
    `head = start${plus(offset + bytes + after)}`,
    'end = head + size',
    `if end - start - ${strip} > max {`,
    'fail FRAME_ERR_TOO_LARGE',
    '}',
    'need end',
    `frame start + ${strip}, end, end`,
  ];
}

function programOf(options: FrameOptions, layout: FrameLayout, strip: number): readonly string[] {
  const { trailers, trailerBytes, emitsFrames } = layout;
  return [
    ...idleLines(layout.idle?.flatMap((isIdle, byte) => (isIdle ? [byte] : []))),
    ...headerLines(layout, 'start'),
    ...paddingLines(options),
    `end = head + size + pad${plus(trailerBytes)}`,
    `if ${emitsFrames ? `end - start${strip === 0 ? '' : ` - ${strip}`}` : 'size'} > max {`,
    'fail FRAME_ERR_TOO_LARGE',
    '}',
    'need end',
    ...trailers.flatMap((trailer, index) => trailerLines(trailer, index)),
    ...partLines(options, trailers),
    emitsFrames ? `frame start + ${strip}, end, end` : 'frame head, head + size, end',
  ];
}

/** The header that begins at `base`: its payload begins at `head`, and has `size` bytes. */
export function headerLines(layout: FrameLayout, base: string): readonly string[] {
  const { length, before, after } = layout;
  const at = `${base}${plus(before)}`;
  const { measure, read } = readerOf(length, at);
  return [
    ...layout.constantsBefore.flatMap((run) => constantLines(run, base)),
    ...measure,
    `rest = ${at} + width`,
    ...layout.constantsAfter.flatMap((run) => constantLines(run, 'rest')),
    `head = rest${plus(after)}`,
    'need head',
    ...read,
    ...refusals({
      isSigned: isInteger(length) && length.name.startsWith('i'),
      mayBeHuge: read.includes('isHuge = 0') || measure.includes('isHuge = 0'),
      minLength: layout.minLength,
      adjustment: layout.adjustment,
    }),
  ];
}

function plus(bytes: number): string {
  return bytes === 0 ? '' : ` + ${bytes}`;
}

/** Passes over bytes between frames. */
export function idleLines(idle: Iterable<number> = []): readonly string[] {
  const bytes = Array.from(idle, (byte) => `b[start] == ${byte}`);
  return bytes.length === 0 ? [] : [`while start < n && (${bytes.join(' || ')}) {`, 'start = start + 1', '}'];
}

function constantLines({ at, bytes }: ConstantRun, base: string): readonly string[] {
  return Array.from(bytes, (byte, index) => {
    const place = `${base}${plus(at + index)}`;
    return [`need ${place} + 1`, `if b[${place}] != ${byte} {`, 'fail FRAME_ERR_BAD_MAGIC', '}'];
  }).flat();
}

interface Range {
  readonly isSigned: boolean;
  readonly mayBeHuge: boolean;
  readonly minLength: number;
  readonly adjustment: number;
  readonly bytes?: number;
}

/** The invalid lengths, in the order in which they are reported; then the payload's `size`. */
function refusals({ isSigned, mayBeHuge, minLength, adjustment }: Range): readonly string[] {
  const smallest = Math.max(minLength, adjustment, 0);
  return [
    ...(mayBeHuge ? ['if isHuge == 1 {', 'fail FRAME_ERR_UNSAFE_INTEGER', '}'] : []),
    ...(isSigned ? ['if isNegative == 1 {', 'fail FRAME_ERR_MALFORMED_LENGTH', '}'] : []),
    ...(smallest > 0 ? [`if value < ${smallest} {`, 'fail FRAME_ERR_MALFORMED_LENGTH', '}'] : []),
    `size = value${adjustment === 0 ? '' : adjustment > 0 ? ` - ${adjustment}` : ` + ${-adjustment}`}`,
  ];
}

function paddingLines({ padding }: FrameOptions): readonly string[] {
  return padding === undefined ? ['pad = 0'] : [`pad = (${String(padding.to)} - size % ${String(padding.to)}) % ${String(padding.to)}`];
}

function trailerLines(trailer: PlacedTrailer, index: number): readonly string[] {
  const at = `head + size + pad${plus(trailer.at)}`;
  if (!('bytes' in trailer)) return checkLines(trailer.checksum, at, runsOf(trailer), `trailer[${index}]`);
  return Array.from(trailer.bytes, (byte, offset) => [`if b[${at}${plus(offset)}] != ${byte} {`, 'fail FRAME_ERR_BAD_TRAILER', '}']).flat();
}

function runsOf({ header, coversPayload }: PlacedChecksum): readonly (readonly [string, string])[] {
  if (header === undefined) return [['head', 'head + size']];
  return [[edgeOf(header.start), coversPayload ? 'head + size' : edgeOf(header.end)]];
}

function edgeOf({ at, isAfterLength }: HeaderEdge): string {
  return Number.isFinite(at) ? `${isAfterLength ? 'rest' : 'start'}${plus(at)}` : 'head';
}

/** The parts of a frame, for dissectors. */
function partLines({ header }: FrameOptions, trailers: readonly PlacedTrailer[]): readonly string[] {
  const lines: string[] = [];
  let [base, at] = ['start', 0];
  for (const [name, part] of Object.entries(header)) {
    if (name === 'length') {
      lines.push(`part length,${base}${plus(at)},rest`);
      [base, at] = ['rest', 0];
      continue;
    }
    const byteLength =
      'bytes' in part
        ? part.bytes.length
        : 'opaqueBytes' in part
          ? part.opaqueBytes
          : 'reservedBytes' in part
            ? part.reservedBytes
            : isInteger(part)
              ? part.byteLength
              : 0;
    lines.push(`part ${name},${base}${plus(at)},${base}${plus(at + byteLength)}`);
    at += byteLength;
  }
  lines.push('part payload,head,head + size', 'part padding,head + size,head + size + pad');
  for (const trailer of trailers) {
    const [name, byteLength] = 'bytes' in trailer ? ['trailer', trailer.bytes.length] : [trailer.checksum.name, trailer.byteLength];
    lines.push(`part ${name},head + size + pad${plus(trailer.at)},head + size + pad${plus(trailer.at + byteLength)}`);
  }
  return lines;
}
