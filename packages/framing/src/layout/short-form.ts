import { toHex } from '../hex.ts';
import type { Layout } from './layout.ts';

/** The short forms, for help texts and errors. */
export const SHORT_FORMS: readonly string[] = ['line:crlf', String.raw`delimited:\0`, 'fixed:13', 'octet-counted:lf', 'netty:1024,0,2,0,2'];

/** Numbers of `netty:`, in Netty's order, and the byte order. */
const NETTY = ['maxFrameLength', 'lengthFieldOffset', 'lengthFieldLength', 'lengthAdjustment', 'initialBytesToStrip'] as const;

/**
 * Reads a kind, a colon and what there is to say: `line:crlf`. What stands behind `delimited:` is text with the escapes `\n \r \t \0 \\ \xHH`.
 *
 * @returns a layout with unchecked values; `undefined` when it is not a short form.
 * @throws RangeError for an invalid escape, and for too few or too many numbers.
 */
export function readShortForm(text: string): Layout | undefined {
  const colon = text.indexOf(':');
  if (colon < 1) return undefined;
  const rest = text.slice(colon + 1);
  switch (text.slice(0, colon)) {
    case 'line':
      return { kind: 'line', ending: rest as 'lf' };
    case 'octet-counted':
      return { kind: 'octet-counted', fallback: rest as 'lf' };
    case 'fixed':
      return { kind: 'fixed', byteLength: wholeNumber(rest, text) };
    case 'delimited':
      return { kind: 'delimited', delimiters: [{ bytes: toHex(unescaped(rest, text)) }] };
    case 'netty':
      return nettyOf(rest, text);
    default:
      return undefined;
  }
}

function nettyOf(rest: string, text: string): Layout {
  const words = rest.split(',');
  const last = words.at(-1);
  const byteOrder = last === 'big' || last === 'little' ? last : undefined;
  const numbers = byteOrder === undefined ? words : words.slice(0, -1);
  if (numbers.length < 3 || numbers.length > NETTY.length) {
    throw new RangeError(`${text} has ${numbers.length} numbers; allowed: 3 to 5, then big or little`);
  }
  const named = Object.fromEntries(numbers.map((number, index) => [NETTY[index]!, wholeNumber(number, text)]));
  return { kind: 'netty', ...named, ...(byteOrder !== undefined && { byteOrder }) } as Layout;
}

function wholeNumber(word: string, text: string): number {
  if (/^-?\d{1,15}$/.test(word)) return Number(word);
  throw new RangeError(`${JSON.stringify(word)} in ${text} is not a whole number`);
}

const ESCAPES: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, 0: 0x00, '\\': 0x5c };

function unescaped(text: string, form: string): Uint8Array {
  const bytes: number[] = [];
  for (const [part, hex, short] of text.matchAll(/\\x([\da-f]{2})|\\(.?)|[^\\]+/gi)) {
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (short === undefined) bytes.push(...new TextEncoder().encode(part));
    else bytes.push(escapeOf(short, form));
  }
  return Uint8Array.from(bytes);
}

function escapeOf(short: string, form: string): number {
  const byte = Object.hasOwn(ESCAPES, short) ? ESCAPES[short] : undefined;
  if (byte !== undefined) return byte;
  throw new RangeError(`\\${short} in ${form} is not an escape; allowed: ${String.raw`\n \r \t \0 \\ \xHH`}`);
}
