import { readingOf } from '../reading.ts';
import type { Reading } from '../reading.ts';

const COMMENT = /\/\*[^]*?\*\/|\/\/[^\n]*/gu;
const NUMBERS = /^\s*(?:(?:0x[\da-f]{1,2}|\d{1,3})\s*,?\s*)+$/iu;

/** An array in C or Go syntax, or a Node.js Buffer as JSON. */
export function byteArray(text: string): readonly ['c-array' | 'go' | 'node-json', Reading] | undefined {
  const node = /^\s*\{\s*"type"\s*:\s*"Buffer"\s*,\s*"data"\s*:\s*\[(?<inner>[\d\s,]*)\]\s*\}\s*$/u.exec(text)?.groups?.['inner'];
  if (node !== undefined) return numbered('node-json', node);
  const go = /\[\d*\](?:byte|uint8)\s*\{(?<inner>[^{}]*)\}/u.exec(text)?.groups?.['inner'];
  if (go !== undefined) return numbered('go', go);
  const c = /\b(?:char|uint8_t|byte)\b[^{}]*\{(?<inner>[^{}]*)\}/u.exec(text)?.groups?.['inner'];
  return c === undefined ? undefined : numbered('c-array', c);
}

/** `[104, 105]`, and `104 105 3` where that cannot be hex. */
export function decimals(text: string): readonly ['decimals', Reading] | undefined {
  const inner = /^\s*\[(?<inner>\s*\d{1,3}(?:\s*,\s*\d{1,3})+\s*,?\s*)\]\s*$/u.exec(text)?.groups?.['inner'];
  const isPlain = /^\s*\d{1,3}(?:[\s,]+\d{1,3})+\s*$/u.test(text) && /(?:^|\D)(?:\d|\d{3})(?!\d)/u.test(text);
  const isGo = /^\s*\[\d{1,3}(?: \d{1,3})+\]\s*$/u.test(text);
  const shown = inner ?? (isPlain || isGo ? text.replaceAll(/[[\]]/gu, ' ') : undefined);
  return shown === undefined ? undefined : numbered('decimals', shown);
}

function numbered<Form extends string>(form: Form, inner: string): readonly [Form, Reading] | undefined {
  const shown = inner.replaceAll(COMMENT, ' ');
  if (!NUMBERS.test(shown)) return undefined;
  const numbers = (shown.match(/0x[\da-f]+|\d+/giu) ?? []).map(Number);
  return numbers.every((number) => number <= 255) ? [form, readingOf(numbers)] : undefined;
}
