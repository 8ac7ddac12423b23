import { checkedBytes } from './checksums.ts';
import type { StuffedLayout } from '../../layout/layout.ts';
import type { ProgramText } from './language.ts';

/** The program of payloads between two flags. Escapes are removed in place, as bytes arrive. */
export function stuffedProgram({ flag, escape, replace, checksum, aborted }: StuffedLayout): ProgramText {
  const [flagByte, escapeByte] = [Number(`0x${flag}`), Number(`0x${escape}`)];
  const check = checkedBytes(checksum, 'checksum');
  const lines = [
    'while seen < n {',
    'octet = b[seen]',
    'if isEscaped == 1 {',
    ...(aborted === 'skip' ? abortLines(flagByte) : []),
    ...escapedLines(flagByte, escapeByte, replace),
    ...(aborted === 'skip' ? ['}'] : []),
    '} else {',
    `if octet == ${flagByte} {`,
    'if size > 0 {',
    ...check.roomLines('size'),
    ...check.lines(`start + size - ${check.byteLength}`, [['start', `start + size - ${check.byteLength}`]]),
    `frame start, start + size - ${check.byteLength}, seen + 1`,
    '}',
    'start = seen + 1',
    '} else {',
    'size = size + 1',
    `if size > max + ${check.byteLength} {`,
    'fail FRAME_ERR_TOO_LARGE',
    '}',
    'b[start + size - 1] = octet',
    `if octet == ${escapeByte} {`,
    'isEscaped = 1',
    '}',
    '}',
    '}',
    'seen = seen + 1',
    '}',
    'more',
  ];
  return { lines, state: ['size', 'isEscaped'] };
}

/** A flag behind an escape ends a frame that its sender gave up. */
function abortLines(flag: number): readonly string[] {
  return [`if octet == ${flag} {`, 'isEscaped = 0', 'size = 0', 'start = seen + 1', '} else {'];
}

/** What stands behind an escape. */
function escapedLines(flag: number, escape: number, replace: StuffedLayout['replace']): readonly string[] {
  return [
    ...(typeof replace === 'string' ? exclusiveOr(flag, escape, Number(`0x${replace}`)) : replaced(flag, escape, replace)),
    'isEscaped = 0',
    'b[start + size - 1] = octet',
  ];
}

function exclusiveOr(flag: number, escape: number, mask: number): readonly string[] {
  return [`if octet == ${flag} || octet == ${escape} {`, 'fail FRAME_ERR_BAD_ESCAPE', '}', `octet = octet ^ ${mask}`];
}

function replaced(flag: number, escape: number, pairs: readonly (readonly [string, string])[]): readonly string[] {
  const known = pairs.map(([byte, written]) => [Number(`0x${byte}`), Number(`0x${written}`)] as const);
  const usable = known.filter(([, written]) => written !== flag && written !== escape);
  return [
    'value = 256',
    ...usable.flatMap(([byte, written]) => [`if octet == ${written} {`, `value = ${byte}`, '}']),
    'if value == 256 {',
    'fail FRAME_ERR_BAD_ESCAPE',
    '}',
    'octet = value',
  ];
}

/** The program of SLIP, which is such a format. */
export const SLIP: ProgramText = stuffedProgram({
  kind: 'stuffed',
  flag: 'c0',
  escape: 'db',
  replace: [
    ['c0', 'dc'],
    ['db', 'dd'],
  ],
});

/** The program of COBS: codes are removed in place, as bytes arrive. Its state: bytes written, announced, left of a run; whether a zero is due. */
export const COBS: ProgramText = { lines: cobsLines(), state: ['size', 'announced', 'left', 'hasZero', 'hasCode'] };

function cobsLines(): readonly string[] {
  return [
    'if hasCode == 0 {',
    'while start < n && b[start] == 0 {',
    'start = start + 1',
    '}',
    'if seen < start {',
    'seen = start',
    '}',
    '}',
    'while seen < n {',
    'octet = b[seen]',
    'if octet == 0 {',
    'if left > 0 {',
    'fail FRAME_ERR_BAD_ESCAPE',
    '}',
    'frame start, start + size, seen + 1',
    '}',
    'if left > 0 {',
    'b[start + size] = octet',
    'size = size + 1',
    'left = left - 1',
    '} else {',
    'announced = announced + octet - 1 + hasZero',
    'if announced > max {',
    'fail FRAME_ERR_TOO_LARGE',
    '}',
    'if hasZero == 1 {',
    'b[start + size] = 0',
    'size = size + 1',
    '}',
    'hasCode = 1',
    'hasZero = 1',
    'if octet == 255 {',
    'hasZero = 0',
    '}',
    'left = octet - 1',
    '}',
    'seen = seen + 1',
    '}',
    'more',
  ];
}
