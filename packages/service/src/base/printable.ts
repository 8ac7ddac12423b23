import { isUtf8 } from 'node:buffer';

// Controls (C0, DEL, C1), line and paragraph separators, bidi marks, embeddings, overrides and isolates, and the
// byte order mark: terminals act on them, or they hide and reorder the text around them.
const UNSAFE =
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

const NAMED: ReadonlyMap<string, string> = new Map([
  ['\n', String.raw`\n`],
  ['\r', String.raw`\r`],
  ['\t', String.raw`\t`],
]);

// ignoreBOM keeps a leading U+FEFF in the text instead of swallowing it.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Bytes as text that is safe to show and to log: UTF-8 where it is UTF-8, `\xNN` for each byte that is not, control
 * characters as `\n`, `\r`, `\t`, `\xNN` (ASCII) or `\u{NNNN}` (beyond). Never throws.
 *
 * @param maxBytes - Bytes shown, never cutting a character; the rest is counted: `hel… (+2 bytes)`.
 * @defaultValue all of them
 */
export function printable(bytes: Uint8Array, maxBytes: number = bytes.length): string {
  const shown = bytes.subarray(0, boundaryAtOrBefore(bytes, maxBytes));
  const text = isUtf8(shown) ? escapeUnsafe(decoder.decode(shown)) : escapeInvalid(shown);
  const leftOut = bytes.length - shown.length;
  return leftOut === 0 ? text : `${text}… (+${leftOut} bytes)`;
}

function escapeUnsafe(text: string): string {
  return text.replaceAll(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    const hex = code.toString(16);
    return NAMED.get(character) ?? (code < 0x80 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex.padStart(4, '0')}}`);
  });
}

function escapeInvalid(bytes: Uint8Array): string {
  let text = '';
  let validFrom = 0;
  let offset = 0;
  const takeValid = () => escapeUnsafe(decoder.decode(bytes.subarray(validFrom, offset)));
  while (offset < bytes.length) {
    const length = sequenceLength(bytes, offset);
    if (length === 0) {
      text += `${takeValid()}\\x${(bytes[offset] ?? 0).toString(16).padStart(2, '0')}`;
      validFrom = offset + 1;
    }
    offset += length === 0 ? 1 : length;
  }
  return text + takeValid();
}

/** Bytes of the character that starts at `offset`, or 0 when none does. Source: Unicode 16.0, table 3-7. */
function sequenceLength(bytes: Uint8Array, offset: number): number {
  const length = declaredLength(bytes[offset] ?? 0);
  return length > 0 && isUtf8(bytes.subarray(offset, offset + length)) ? length : 0;
}

function declaredLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

/** The last place at or before `limit` that does not cut a character; `limit` itself where no character is. */
function boundaryAtOrBefore(bytes: Uint8Array, limit: number): number {
  if (limit >= bytes.length) return bytes.length;
  for (let start = limit - 1; start >= Math.max(0, limit - 3); start -= 1) {
    const length = sequenceLength(bytes, start);
    if (length > 0) return start + length > limit ? start : limit;
  }
  return limit;
}
