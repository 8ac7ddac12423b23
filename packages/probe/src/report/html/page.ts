import { fromHex } from '../../bytes/hex.ts';
import { escapeMarkup } from '../escape.ts';
import { STYLE } from './style.ts';
import type { Excerpt } from '../model.ts';

/** Forbids everything but the inline style: a peer's answer must never run or load anything. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A self-contained page. The title is text, the blocks of the body are markup. */
export function pageHtml(title: string, body: readonly string[]): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${escapeMarkup(POLICY)}">`,
    `<meta name="viewport" content="width=device-width"><title>${escapeMarkup(title)}</title><style>${STYLE}</style></head>`,
    '<body><main>',
    ...body,
    '</main></body></html>',
    '',
  ].join('\n');
}

/** What a report says of its campaign, a row each; rows without a value are left out. */
export function factsHtml(facts: readonly (readonly [name: string, value: string | undefined])[]): string {
  const rows = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [`<tr><th scope="row">${name}</th><td>${escapeMarkup(value)}</td></tr>`],
  );
  return `<table><tbody>${rows.join('')}</tbody></table>`;
}

/** The numbers of each plan. */
export function talliesHtml<Column extends string>(
  columns: readonly Column[],
  tallies: readonly (Readonly<Record<Column, number>> & { readonly plan: string })[],
): string {
  const heads = ['plan', ...columns].map((column) => `<th scope="col">${column}</th>`);
  const rows = tallies.map((tally) => {
    const numbers = columns.map((column) => `<td class="n">${tally[column]}</td>`);
    return `<tr><th scope="row">${escapeMarkup(tally.plan)}</th>${numbers.join('')}</tr>`;
  });
  return `<table><thead><tr>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

const ROW_BYTES = 16;

/** Bytes as rows of hex and text. */
export function excerptHtml({ offset, totalBytes, hex }: Excerpt): string {
  if (totalBytes === 0) return '<p class="faint">nothing</p>';
  const bytes = fromHex(hex);
  const rows = Array.from({ length: Math.ceil(bytes.length / ROW_BYTES) }, (_, row) =>
    hexRow(bytes.subarray(row * ROW_BYTES, (row + 1) * ROW_BYTES), offset + row * ROW_BYTES),
  );
  const note = bytes.length < totalBytes ? `\n${bytes.length} of ${totalBytes} bytes` : '';
  return `<pre>${escapeMarkup(rows.join('\n') + note)}</pre>`;
}

function hexRow(bytes: Uint8Array, offset: number): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const text = Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  return `${offset.toString(16).padStart(8, '0')}  ${hex.padEnd(ROW_BYTES * 3 - 1)}  |${text}|`;
}
