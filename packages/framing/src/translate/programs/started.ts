import { fromHex } from '../../hex.ts';
import { checkedBytes } from './checksums.ts';
import { delimiterBytes } from './ended.ts';
import { idleLines } from './frame.ts';
import type { DelimitedCovers } from '../../codecs/measured/started.ts';
import type { DelimitedLayout } from '../../layout/layout.ts';
import type { Runs } from './checksums.ts';
import type { ProgramText } from './language.ts';

/** The program of frames between a start and an end. `size` is the length up to and with the end, 0 while it is not found. */
export function startedProgram({ start = '', delimiters, checksum: layout, idle }: DelimitedLayout): ProgramText {
  const [mark, end] = [fromHex(start)!, delimiterBytes(delimiters[0]!)];
  const { covers = 'payloadAndEnd', ...checksum } = layout ?? {};
  const check = checkedBytes(layout === undefined ? undefined : (checksum as typeof layout), 'checksum');
  const payload = `start + ${mark.length}`;
  const lines = [
    ...idleLines(fromHex(idle ?? '')),
    ...Array.from(mark, (byte, at) => [
      `need start + ${at + 1}`,
      `if b[start + ${at}] != ${byte} {`,
      'fail FRAME_ERR_BAD_MAGIC',
      '}',
    ]).flat(),
    `if seen < ${payload} {`,
    `seen = ${payload}`,
    '}',
    `while size == 0 && seen < n && seen - start < max + ${mark.length + end.length} {`,
    'seen = seen + 1',
    `if seen - start >= ${mark.length + end.length}${endsHere(end)} {`,
    'size = seen - start',
    '}',
    '}',
    'if size == 0 {',
    `if seen - start == max + ${mark.length + end.length} {`,
    'fail FRAME_ERR_TOO_LARGE',
    '}',
    'more',
    '}',
    `need start + size + ${check.byteLength}`,
    ...check.lines('start + size', runsOf(covers, payload, end.length)),
    `part start,start,${payload}`,
    `part payload,${payload},start + size - ${end.length}`,
    `part end,start + size - ${end.length},start + size`,
    ...(layout === undefined ? [] : [`part checksum,start + size,start + size + ${check.byteLength}`]),
    `frame ${payload}, start + size - ${end.length}, start + size + ${check.byteLength}`,
  ];
  return { lines, state: ['size'] };
}

function endsHere(end: Uint8Array): string {
  return Array.from(end, (byte, index) => ` && b[seen - ${end.length - index}] == ${byte}`).join('');
}

function runsOf(covers: DelimitedCovers, payload: string, endBytes: number): Runs {
  if (covers === 'payload') return [[payload, `start + size - ${endBytes}`]];
  return [[covers === 'frame' ? 'start' : payload, 'start + size']];
}
