/** Characters that XML 1.0 forbids, and lone surrogates, which UTF-8 cannot encode. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for an element or a quoted attribute, in XML and in HTML. */
export function escapeMarkup(text: string): string {
  return text.replaceAll(FORBIDDEN, '�').replaceAll(/[&<>"']/g, (character) => NAMED[character]!);
}
