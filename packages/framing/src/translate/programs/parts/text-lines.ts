/** Bytes that are not as they must be: what closes an `if` that found them. */
export const MALFORMED: readonly string[] = ['fail FRAME_ERR_MALFORMED_LENGTH', '}'];
export const BAD_TRAILER: readonly string[] = ['fail FRAME_ERR_BAD_TRAILER', '}'];
export const TOO_LARGE: readonly string[] = ['fail FRAME_ERR_TOO_LARGE', '}'];
/** More bytes are needed: beyond the limit there are none. */
export const WAIT: readonly string[] = ['if stop == start + max {', ...TOO_LARGE, 'more'];

/** What the bytes under way are, in `phase`. */
export const HEAD = 0;
export const WHOLE = 1;
export const CHUNK_SIZE = 2;
export const CHUNK_END = 3;
export const TRAILERS = 4;
/** From here on, what is behind the head of each rule. */
export const BODIES = 5;

/** Lines for bytes of one phase. */
export function inPhase(phase: number, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`if phase == ${phase} {`, ...lines, '}'];
}

/** Goes on with the part that begins at `base`. */
export function moveTo(phase: number, base: string): readonly string[] {
  return [`base = ${base}`, 'seen = start + base', 'lineAt = base', `phase = ${phase}`];
}

/** The line at `base` ends before `after`. */
export function lineLines(maxBytes: number): readonly string[] {
  return [
    'while seen < stop && b[seen] != 10 {',
    'seen = seen + 1',
    '}',
    'after = seen',
    'if seen < stop {',
    'after = seen + 1',
    '}',
    `if after > start + base + ${maxBytes} {`,
    'fail FRAME_ERR_HEADER_TOO_LONG',
    '}',
    'if seen >= stop {',
    ...WAIT,
    '}',
    'seen = after',
  ];
}

/** The empty line that ends the block at `base` ends before `after`. */
export function blockLines(maxBytes: number): readonly string[] {
  return [
    'isBlock = 1',
    'while isBlock == 1 {',
    'while seen < stop && b[seen] != 10 {',
    'seen = seen + 1',
    '}',
    'if seen >= stop {',
    `if stop > start + base + ${maxBytes} {`,
    'fail FRAME_ERR_HEADER_TOO_LONG',
    '}',
    ...WAIT,
    '}',
    'after = seen + 1',
    `if ${isEmptyLine('start + lineAt')} {`,
    'isBlock = 0',
    '}',
    'lineAt = after - start',
    'seen = after',
    '}',
    `if after > start + base + ${maxBytes} {`,
    'fail FRAME_ERR_HEADER_TOO_LONG',
    '}',
  ];
}

/** Whether the line from `from` to `after` is empty. */
export function isEmptyLine(from: string): string {
  return `after - (${from}) == 1 || (after - (${from}) == 2 && b[${from}] == 13)`;
}
