import { codecOf } from './codec-of.ts';
import { hexOf, Reader, wrong } from './reader.ts';
import type { ByteCodec, Bytes } from '../codec.ts';
import type { Layout, Side } from './layout.ts';

/** One checked step of a preamble. */
export interface CheckedStep {
  readonly name: string;
  readonly from: Side | undefined;
  readonly times: 'once' | 'optional' | 'any';
  /** What it begins with: one of these; any bytes when empty. */
  readonly beginnings: readonly Bytes[];
  /** What it consists of, one part behind the other: one frame of a codec, or a number of bytes. Its beginning alone when empty. */
  readonly parts: readonly (ByteCodec | number)[];
  readonly ends: boolean;
}

const KEYS = ['name', 'from', 'times', 'startsWith', 'frame', 'ends'];
const MAX_STEPS = 16;
const MAX_PARTS = 8;

/** Longest step of a preamble in bytes, and longest part of one: it is held until it is complete. */
export const MAX_STEP_BYTES = 65_536;

/** The preamble steps that `read` contains. @throws RangeError that says where they are wrong. */
export function stepsOf(read: Reader): readonly CheckedStep[] {
  if (!read.has('preamble')) return [];
  return read.list('preamble', MAX_STEPS).map((step, index) => stepOf(new Reader(step, `${read.at('preamble')}[${index}]`, KEYS)));
}

function stepOf(read: Reader): CheckedStep {
  const beginnings = read.has('startsWith')
    ? read.list('startsWith', 16).map((hex, at) => hexOf(hex, `${read.at('startsWith')}[${at}]`, 64))
    : [];
  if (beginnings.length === 0 && !read.has('frame')) throw new RangeError(`${read.path} has neither startsWith nor frame, one is needed`);
  return {
    name: read.string('name'),
    from: read.has('from') ? read.choice('from', ['client', 'server']) : undefined,
    times: read.has('times') ? read.choice('times', ['once', 'optional', 'any']) : 'once',
    beginnings,
    parts: read.has('frame') ? partsOf(read) : [],
    ends: read.has('ends') && read.boolean('ends'),
  };
}

function partsOf(read: Reader): CheckedStep['parts'] {
  const path = read.at('frame');
  const frame = read.value('frame');
  if (!Array.isArray(frame)) return [partOf(frame, path)];
  return read.list('frame', MAX_PARTS).map((part, index) => partOf(part, `${path}[${index}]`));
}

function partOf(part: unknown, path: string): ByteCodec | number {
  if (typeof part !== 'number') {
    const codec = codecOf(part as Layout, {}, path);
    return codec.maxPayloadBytes <= MAX_STEP_BYTES ? codec : codecOf(part as Layout, { maxPayloadBytes: MAX_STEP_BYTES }, path);
  }
  if (!Number.isInteger(part) || part < 1 || part > MAX_STEP_BYTES) throw wrong(path, part, `1 to ${MAX_STEP_BYTES} bytes, or a layout`);
  return part;
}
