import type { ProgramText } from './language.ts';

/** Values that follow each one of these, for one that it counts: the bytes of `*`, `~`, `>`; and of `%`, `|`. */
const [ONE_EACH, TWO_EACH] = ['*~>', '%|'].map(isOneOf);
const BULK = isOneOf('$!=');
const LINE = isOneOf('+-:_#,(');

function isOneOf(types: string): string {
  return Array.from(types, (type) => `kind == ${type.charCodeAt(0)}`).join(' || ');
}

const MALFORMED = ['fail FRAME_ERR_MALFORMED_LENGTH', '}'];
const TOO_LARGE = ['fail FRAME_ERR_TOO_LARGE', '}'];

/**
 * The program of RESP2 and RESP3. `base` is where the line under way begins, `open` how many values are still to come once `hasBegun`, `bulk` where the bulk string
 * under way ends, 0 for none.
 */
export const RESP: ProgramText = {
  lines: [
    'need start + 1',
    'stop = n',
    'if stop > start + max {',
    'stop = start + max',
    '}',
    'if hasBegun == 0 {',
    'hasBegun = 1',
    'open = 1',
    '}',
    'isOpen = 1',
    'while isOpen == 1 {',
    'if bulk == 0 {',
    ...lineLines(),
    ...valueLines(),
    '}',
    'if start + bulk > stop {',
    ...waitLines(),
    '}',
    'if bulk > base {',
    'if b[start + bulk - 2] != 13 || b[start + bulk - 1] != 10 {',
    'fail FRAME_ERR_BAD_TRAILER',
    '}',
    'base = bulk',
    'seen = start + base',
    '}',
    'bulk = 0',
    'if open == 0 {',
    'frame start, start + base, start + base',
    '}',
    '}',
  ],
  state: ['base', 'open', 'hasBegun', 'bulk'],
};

/** More bytes are needed: beyond the limit there are none. */
function waitLines(): readonly string[] {
  return ['if stop == start + max {', ...TOO_LARGE, 'more'];
}

/** Finds the line at `base`, up to `seen`. */
function lineLines(): readonly string[] {
  return [
    'while seen < stop && b[seen] != 10 {',
    'seen = seen + 1',
    '}',
    'if seen >= stop {',
    ...waitLines(),
    '}',
    'head = start + base',
    'seen = seen + 1',
    'kind = b[head]',
    'open = open - 1',
  ];
}

/** Reads it: where its value ends is `bulk`. */
function valueLines(): readonly string[] {
  return [
    'bulk = seen - start',
    `if ${ONE_EACH} || ${TWO_EACH} {`,
    ...countLines(),
    `if ${TWO_EACH} {`,
    'value = value * 2',
    '}',
    'open = open + value',
    'if kind == 124 {',
    'open = open + 1',
    '}',
    '} else {',
    `if ${BULK} {`,
    ...countLines(),
    'if isNull == 0 {',
    'bulk = bulk + value + 2',
    '}',
    '} else {',
    `if ${LINE} {`,
    ...crLfLines(),
    '} else {',
    'if base > 0 {',
    ...MALFORMED,
    '}',
    '}',
    '}',
    'if bulk > max || bulk + open > max {',
    ...TOO_LARGE,
    'base = seen - start',
  ];
}

function crLfLines(): readonly string[] {
  return ['if seen - head < 3 || b[seen - 2] != 13 {', ...MALFORMED];
}

/** The number of the line in `value`: 0 for the null of RESP2, -1, which `isNull` says. */
function countLines(): readonly string[] {
  return [
    ...crLfLines(),
    'index = head + 1',
    'value = 0',
    'isNull = 0',
    'if seen - index == 4 && b[index] == 45 && b[index + 1] == 49 {',
    'isNull = 1',
    '} else {',
    'if seen - index == 2 || (b[index] == 48 && seen - index > 3) {',
    ...MALFORMED,
    'while index < seen - 2 {',
    'if b[index] < 48 || b[index] > 57 {',
    ...MALFORMED,
    'value = value * 10 + b[index] - 48',
    `if value > ${Number.MAX_SAFE_INTEGER} {`,
    ...MALFORMED,
    'index = index + 1',
    '}',
    '}',
  ];
}
