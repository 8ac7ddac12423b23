import { checksumBytes } from '../../codecs/measured/checked-bytes.ts';
import { descriptionOf } from '../../described.ts';
import { crcModel } from '../../frame/crc.ts';
import { checksumOf } from '../../layout/measured.ts';
import { untranslatable } from './parts/errors.ts';
import { readerOf } from './parts/fields.ts';
import type { Checksum } from '../../frame/checksum.ts';
import type { Crc16Algorithm, Crc8Algorithm } from '../../frame/crc.ts';
import type { ChecksumLayout } from '../../layout/layout.ts';

type Described =
  | { readonly checksum: 'crc32' }
  | { readonly checksum: 'xor' }
  | { readonly checksum: 'sum'; readonly modulus: number; readonly negate: boolean }
  | { readonly checksum: 'crc16'; readonly algorithm: Crc16Algorithm }
  | { readonly checksum: 'crc8'; readonly algorithm: Crc8Algorithm };

/** The bytes that a checksum covers: the ends of each run, as program expressions. */
export type Runs = readonly (readonly [string, string])[];

/** The lines that check the checksum at `at` over `runs`. */
export function checkLines(checksum: Checksum, at: string, runs: Runs, path: string): readonly string[] {
  const layout = descriptionOf(checksum) as Described | undefined;
  if (layout === undefined) throw untranslatable(path, 'a checksum that is a function of the program');
  const { initial, step, finish } = algorithmOf(layout);
  const { measure, read } = readerOf(checksum.field, at, 'FRAME_ERR_BAD_CHECKSUM');
  const update = runs.flatMap(([from, to]) => [`index = ${from}`, `while index < ${to} {`, ...step, 'index = index + 1', '}']);
  return [`sum = ${initial}`, ...update, ...finish, ...measure, ...read, 'if value != sum {', 'fail FRAME_ERR_BAD_CHECKSUM', '}'];
}

/** A checksum that may be there: how many bytes it takes, and the lines that check it. */
export interface CheckedBytes {
  readonly byteLength: number;
  /** Refuses a frame of so many bytes that has no room for it. */
  readonly roomLines: (size: string) => readonly string[];
  readonly lines: (at: string, runs: Runs) => readonly string[];
}

/** The checksum of a layout, or none. */
export function checkedBytes(layout: ChecksumLayout | undefined, path: string): CheckedBytes {
  if (layout === undefined) return { byteLength: 0, roomLines: () => [], lines: () => [] };
  const checksum = checksumOf(layout, path);
  const byteLength = checksumBytes(checksum);
  return {
    byteLength,
    roomLines: (size) => [`if ${size} < ${byteLength} {`, 'fail FRAME_ERR_BAD_CHECKSUM', '}'],
    lines: (at, runs) => checkLines(checksum, at, runs, path),
  };
}

interface Algorithm {
  readonly initial: number;
  /** Adds `b[index]` to `sum`. */
  readonly step: readonly string[];
  readonly finish: readonly string[];
}

function algorithmOf(layout: Described): Algorithm {
  if (layout.checksum === 'xor') return { initial: 0, step: ['sum = sum ^ b[index]'], finish: [] };
  if (layout.checksum === 'sum') {
    const finish = layout.negate ? [`sum = (${layout.modulus} - sum) % ${layout.modulus}`] : [];
    return { initial: 0, step: [`sum = (sum + b[index]) % ${layout.modulus}`], finish };
  }
  if (layout.checksum === 'crc32') {
    return { initial: 0xff_ff_ff_ff, step: reflected('sum = sum ^ b[index]', 0xed_b8_83_20), finish: ['sum = sum ^ 4294967295'] };
  }
  if (layout.algorithm === 'hj212') return { initial: 0xff_ff, step: reflected('sum = (sum >> 8) ^ b[index]', 0xa0_01), finish: [] };
  const { width, polynomial, mirrored, initial, isReflected, xorOut } = crcModel(layout.algorithm);
  const finish = xorOut === 0 ? [] : [`sum = sum ^ ${xorOut}`];
  if (isReflected) return { initial, step: reflected('sum = sum ^ b[index]', mirrored), finish };
  const top = 2 ** (width - 1);
  const taken = width === 8 ? 'sum = sum ^ b[index]' : `sum = sum ^ b[index] * ${2 ** (width - 8)}`;
  const shifted = `sum = ((sum * 2) % ${2 ** width}) ^ ${polynomial}`;
  return { initial, step: [taken, ...eightTimes(`sum >= ${top}`, shifted, 'sum = sum * 2')], finish };
}

function reflected(take: string, polynomial: number): readonly string[] {
  return [take, ...eightTimes('sum % 2 == 1', `sum = (sum >> 1) ^ ${polynomial}`, 'sum = sum >> 1')];
}

function eightTimes(condition: string, then: string, otherwise: string): readonly string[] {
  return ['bit = 0', 'while bit < 8 {', `if ${condition} {`, then, '} else {', otherwise, '}', 'bit = bit + 1', '}'];
}
