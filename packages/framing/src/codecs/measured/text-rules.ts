import { FrameError } from '../../errors.ts';

/** What must hold of a head for a rule: all that is said. */
export interface TextCondition {
  /** One of these is how the head begins. */
  readonly startsWith?: readonly string[];
  /** The word of the first line with this number, from 0 on, negative from the end, is one of these; in any case. */
  readonly word?: { readonly at: number; readonly is: readonly string[] };
  /** The character at this place of the first line is one of these. */
  readonly character?: { readonly at: number; readonly is: string };
  /** A header line of this name is there; where `is` is given, with one of these values, in any case. */
  readonly header?: { readonly name: string; readonly is?: readonly string[] };
  /** How the first line ends; `{n}` for digits between braces. */
  readonly endsWith?: string;
}

/** Where a number of bytes is written: in a word of the first line, in a header line, or between braces at the end of the line. */
export type TextLength = { readonly word: number } | { readonly header: string } | { readonly braces: true };

/**
 * What follows a head: nothing; so many bytes, and `trailer` behind them, in hex; chunks, as HTTP/1.1 has them; bytes up to and with these, in hex; or another
 * head of the same frame, which `thenMore` says of the one behind bytes too. `refuse` says that no frame is like that.
 */
export type TextBody =
  | 'none'
  | 'chunked'
  | 'more'
  | 'refuse'
  | { readonly length: TextLength; readonly trailer?: string; readonly thenMore?: boolean }
  | { readonly until: string };

/** A rule: of those of a format the first that fits decides what follows a head. */
export interface TextRule {
  /** What must hold; of a list all. @defaultValue nothing */
  readonly when?: TextCondition | readonly TextCondition[];
  readonly body: TextBody;
}

/** A head, read. */
export interface Head {
  readonly firstLine: string;
  readonly words: readonly string[];
  /** Values by their names in lower case; several of one name in their order. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

/** The head that `text` is, its lines ended by LF or CR LF. @throws FrameError `FRAME_ERR_MALFORMED_LENGTH` for what is no header line. */
export function headOf(text: string): Head {
  const [firstLine = '', ...lines] = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    if (line === '') continue;
    const colon = line.indexOf(':');
    // A folded line, or a blank before the colon: readers that are more generous see another header, and other frames.
    if (colon < 1 || /[ \t]/.test(line.slice(0, colon))) {
      throw new FrameError('FRAME_ERR_MALFORMED_LENGTH', `no header line: ${JSON.stringify(line.slice(0, 60))}`);
    }
    const name = line.slice(0, colon).toLowerCase();
    const values = headers.get(name);
    if (values === undefined) headers.set(name, [line.slice(colon + 1).trim()]);
    else values.push(line.slice(colon + 1).trim());
  }
  return { firstLine, words: firstLine.split(' ').filter((word) => word !== ''), headers };
}

/** What follows a head. @throws FrameError `FRAME_ERR_MALFORMED_LENGTH` when no rule fits, or the one that does refuses. */
export function bodyOf(rules: readonly TextRule[], head: Head): TextBody {
  const rule = rules.find(({ when = [] }) => [when].flat().every((condition) => fits(condition, head)));
  if (rule !== undefined && rule.body !== 'refuse') return rule.body;
  throw new FrameError('FRAME_ERR_MALFORMED_LENGTH', `no length is known after ${JSON.stringify(head.firstLine.slice(0, 60))}`);
}

function fits({ startsWith, word, character, header, endsWith }: TextCondition, head: Head): boolean {
  if (startsWith !== undefined && !startsWith.some((text) => head.firstLine.startsWith(text))) return false;
  if (word !== undefined && !isOneOf(word.is, head.words.at(word.at))) return false;
  if (character !== undefined && !character.is.includes(head.firstLine[character.at] ?? '\n')) return false;
  if (endsWith !== undefined && !(endsWith === '{n}' ? BRACES.test(head.firstLine) : head.firstLine.endsWith(endsWith))) return false;
  if (header === undefined) return true;
  const values = head.headers.get(header.name.toLowerCase());
  if (values === undefined) return false;
  return header.is === undefined || values.some((value) => isOneOf(header.is!, value));
}

const BRACES = /\{(\d{1,16})\+?\}$/;

function isOneOf(allowed: readonly string[], seen: string | undefined): boolean {
  return allowed.some((each) => each.toLowerCase() === seen?.toLowerCase());
}

/** The number of bytes that a head says. Two that differ, and what is no plain number, are refused: two readers would see other frames. */
export function lengthOf(length: TextLength, head: Head): number {
  const values = valuesOf(length, head);
  const [value] = values;
  if (value !== undefined && /^\d{1,16}$/.test(value) && values.every((each) => each === value)) return Number(value);
  throw new FrameError(
    'FRAME_ERR_MALFORMED_LENGTH',
    `a length is decimal digits, received ${JSON.stringify(values.join(', ').slice(0, 60))}`,
  );
}

function valuesOf(length: TextLength, { firstLine, words, headers }: Head): readonly string[] {
  if ('word' in length) return [words.at(length.word) ?? ''];
  if ('header' in length) return headers.get(length.header.toLowerCase()) ?? [];
  return [BRACES.exec(firstLine)?.[1] ?? ''];
}
