import type { OctetCountedLayout } from '../../layout/layout.ts';

/** Digits at `start`, the byte `separator`, that many bytes, and a comma if `hasComma`. */
function countedLines(separator: number, isNetstring: boolean): readonly string[] {
  return [
    'at = start',
    'value = 0',
    'isOpen = 1',
    'while isOpen == 1 {',
    'need at + 1',
    'octet = b[at]',
    `if octet == ${separator} && at > start {`,
    'isOpen = 0',
    '} else {',
    'if octet < 48 || octet > 57 {',
    'fail FRAME_ERR_MALFORMED_LENGTH',
    '}',
    `if (at > start && b[start] == 48)${isNetstring ? '' : ' || (at == start && octet == 48)'} {`,
    'fail FRAME_ERR_MALFORMED_LENGTH',
    '}',
    'if at - start == 16 {',
    'fail FRAME_ERR_HEADER_TOO_LONG',
    '}',
    'value = value * 10 + octet - 48',
    '}',
    'at = at + 1',
    '}',
    `if value > ${Number.MAX_SAFE_INTEGER} {`,
    'fail FRAME_ERR_UNSAFE_INTEGER',
    '}',
    'if value > max {',
    'fail FRAME_ERR_TOO_LARGE',
    '}',
    ...(isNetstring
      ? ['need at + value + 1', 'if b[at + value] != 44 {', 'fail FRAME_ERR_BAD_TRAILER', '}', 'frame at, at + value, at + value + 1']
      : ['need at + value', 'frame at, at + value, at + value']),
  ];
}

/** The program of netstrings. */
export const NETSTRING: readonly string[] = countedLines(0x3a, true);

/** The program of octet-counted messages, and of lines between them if enabled. */
export function octetCountedProgram({ fallback }: OctetCountedLayout): readonly string[] {
  const counted = countedLines(0x20, false);
  if (fallback === undefined || fallback === 'error') return counted;
  const readsNul = fallback === 'lf-or-nul';
  return [
    // Empty lines belong to no message.
    'isOpen = 1',
    'while isOpen == 1 {',
    'isOpen = 0',
    `if start < n && (b[start] == 10${readsNul ? ' || b[start] == 0' : ''}) {`,
    'start = start + 1',
    'isOpen = 1',
    '}',
    'if start + 1 < n && b[start] == 13 && b[start + 1] == 10 {',
    'start = start + 2',
    'isOpen = 1',
    '}',
    '}',
    'if seen < start {',
    'seen = start',
    '}',
    'need start + 1',
    'if b[start] < 49 || b[start] > 57 {',
    ...fallbackLines(readsNul),
    '}',
    ...counted,
  ];
}

/** A line that ends with LF or CR LF, or with NUL. */
function fallbackLines(readsNul: boolean): readonly string[] {
  return [
    `while seen < n && b[seen] != 10${readsNul ? ' && b[seen] != 0' : ''} {`,
    'seen = seen + 1',
    '}',
    'end = seen',
    // A trailing CR is, or may become, half of the line ending.
    'if end > start && b[end - 1] == 13 && (seen == n || b[seen] == 10) {',
    'end = end - 1',
    '}',
    'if end - start > max {',
    'fail FRAME_ERR_TOO_LARGE',
    '}',
    'if seen == n {',
    'more',
    '}',
    'frame start, end, seen + 1',
  ];
}
