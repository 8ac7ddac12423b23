import type { ByteRange, RecordedFlow } from './flow.ts';

/** A line of a hex dump. */
export interface HexLine {
  /** Where its first byte lies. */
  readonly offset: number;
  readonly hex: string;
}

// A mark at the begin is shown, not swallowed.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

// Controls, line separators, and what hides or reorders the text around it: bidi marks, embeddings, overrides, isolates.
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;
const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The bytes of a range, as far as they were kept, and at most `limit` of them. */
export function bytesOf({ hex }: RecordedFlow, { start, end }: ByteRange, limit: number): Uint8Array<ArrayBuffer> {
  const last = Math.min(end, start + limit, hex.length / 2);
  const bytes = new Uint8Array(Math.max(0, last - start));
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice((start + at) * 2, (start + at) * 2 + 2), 16);
  return bytes;
}

/** Bytes as UTF-8 text; controls and what reorders text escaped, what is no text as U+FFFD. */
export function textOf(bytes: Uint8Array<ArrayBuffer>): string {
  return decoder.decode(bytes).replaceAll(UNSAFE, (control) => ESCAPES[control] ?? escapeOf(control));
}

/** The same for the beginning of a message, without bytes before its text that are none, as those of a binary length. */
export function captionText(bytes: Uint8Array<ArrayBuffer>): string {
  const start = bytes.findIndex((byte) => byte >= 0x20 && (byte & 0xc0) !== 0x80);
  return textOf(bytes.subarray(Math.max(0, start)));
}

/** Bytes as lines of hex, the first of which stand for the byte at `offset`. */
export function hexLines(bytes: Uint8Array, offset: number, perLine: number = 16): readonly HexLine[] {
  const lines: HexLine[] = [];
  for (let at = 0; at < bytes.length; at += perLine) {
    lines.push({ offset: offset + at, hex: Array.from(bytes.subarray(at, at + perLine), hexOf).join(' ') });
  }
  return lines;
}

function escapeOf(control: string): string {
  const code = control.codePointAt(0) ?? 0;
  return code < 0x80 ? `\\x${hexOf(code)}` : `\\u{${code.toString(16).padStart(4, '0')}}`;
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
