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
  /** Its length: one frame of a codec, a number of bytes, or its beginning. */
  readonly extent: ByteCodec | number | 'beginning';
  readonly ends: boolean;
}

const KEYS = ['name', 'from', 'times', 'startsWith', 'frame', 'ends'];
const MAX_STEPS = 16;

/** Longest frame of a preamble in bytes: it is held until it is complete. */
const MAX_STEP_BYTES = 65_536;

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
    extent: read.has('frame') ? extentOf(read) : 'beginning',
    ends: read.has('ends') && read.boolean('ends'),
  };
}

function extentOf(read: Reader): ByteCodec | number {
  const frame = read.value('frame');
  if (typeof frame !== 'number') {
    const codec = codecOf(frame as Layout, {}, read.at('frame'));
    return codec.maxPayloadBytes <= MAX_STEP_BYTES
      ? codec
      : codecOf(frame as Layout, { maxPayloadBytes: MAX_STEP_BYTES }, read.at('frame'));
  }
  if (!Number.isInteger(frame) || frame < 1 || frame > MAX_STEP_BYTES)
    throw wrong(read.at('frame'), frame, `1 to ${MAX_STEP_BYTES} bytes, or a layout`);
  return frame;
}
