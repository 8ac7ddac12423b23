import {
  BAD_TRAILER,
  CHUNK_END,
  CHUNK_SIZE,
  inPhase,
  isEmptyLine,
  lineLines,
  MALFORMED,
  moveTo,
  TOO_LARGE,
  TRAILERS,
  WAIT,
} from './text-lines.ts';

/** Chunks as HTTP/1.1 has them, and the lines behind them. */
export function chunkedLines(maxBytes: number): readonly string[] {
  return [
    ...inPhase(CHUNK_SIZE, [...lineLines(maxBytes), ...chunkSizeLines()]),
    ...inPhase(CHUNK_END, [
      'if stop > start + base && b[start + base] != 13 {',
      ...BAD_TRAILER,
      'if stop > start + base + 1 && b[start + base + 1] != 10 {',
      ...BAD_TRAILER,
      'if stop < start + base + 2 {',
      ...WAIT,
      '}',
      ...moveTo(CHUNK_SIZE, 'base + 2'),
    ]),
    ...inPhase(TRAILERS, [
      ...lineLines(maxBytes),
      `if ${isEmptyLine('start + base')} {`,
      'frame start, after, after',
      '}',
      ...moveTo(TRAILERS, 'after - start'),
    ]),
  ];
}

/** Hexadecimal digits, then extensions that nobody reads. */
function chunkSizeLines(): readonly string[] {
  return [
    'from = start + base',
    'to = after - 2',
    'if to <= from || b[to] != 13 {',
    ...MALFORMED,
    'index = from',
    'value = 0',
    'digit = 0',
    'while index < to && digit < 16 {',
    'digit = 16',
    ...[
      [48, 57],
      [65, 70],
      [97, 102],
    ].flatMap(([low, high], at) => [
      `if b[index] >= ${low} && b[index] <= ${high} {`,
      `digit = b[index] - ${at === 0 ? low : low! - 10}`,
      '}',
    ]),
    'if digit < 16 {',
    'value = value * 16 + digit',
    'index = index + 1',
    'if index - from > 13 {',
    ...MALFORMED,
    '}',
    '}',
    'if index == from {',
    ...MALFORMED,
    'while index < to && (b[index] == 32 || b[index] == 9) {',
    'index = index + 1',
    '}',
    'if index < to && b[index] != 59 {',
    ...MALFORMED,
    'while index < to {',
    'if b[index] == 13 {',
    ...MALFORMED,
    'index = index + 1',
    '}',
    'if after - start + value > max {',
    ...TOO_LARGE,
    'if value == 0 {',
    ...moveTo(TRAILERS, 'after - start'),
    '} else {',
    ...moveTo(CHUNK_END, 'after - start + value'),
    '}',
  ];
}
