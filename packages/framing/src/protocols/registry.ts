import { entryOf } from '../layout/entry.ts';
import { readShortForm, SHORT_FORMS } from '../layout/short-form.ts';
import { BUILT_IN_LAYOUTS } from './built-in-layouts.ts';
import type { ByteCodec } from '../codec.ts';
import type { LimitOptions } from '../layout/codec-of.ts';
import type { FramingEntry } from '../layout/entry.ts';
import type { Layout } from '../layout/layout.ts';

/** Options that every registered framing takes. */
export type FramingOptions = LimitOptions;

/** All framings that can be chosen by name, in the order of help texts. */
export const FRAMINGS: readonly FramingEntry[] = BUILT_IN_LAYOUTS.map((layout) => ({
  ...entryOf(layout, `layout ${layout.name}`),
  text: layout.name!,
}));

/** The names of all framings. */
export const framingNames: readonly string[] = FRAMINGS.map(({ name }) => name);

/** Recently read layouts by text: programs ask for the framing of each connection again. */
const RECENT = new Map<string, FramingEntry>();
const MAX_RECENT = 16;

/**
 * The framing that a text stands for: one of {@link framingNames}; a short form, such as `delimited:\0`, `line:crlf`, `fixed:13`,
 * `octet-counted:lf` or `netty:1024,0,2,0,2`; or a layout as JSON. For files too, see `readFraming` of `@socklab/framing/node`.
 *
 * @throws RangeError that lists the names, or says where the layout is wrong.
 */
export function framingOf(framing: string | Layout): FramingEntry {
  if (typeof framing !== 'string') return entryOf(copied(framing));
  return FRAMINGS.find(({ name }) => name === framing) ?? RECENT.get(framing) ?? remembered(framing, readFramingText(framing));
}

/** Codecs are made of it later, when the caller's object may have changed. */
function copied(layout: Layout): Layout {
  try {
    return JSON.parse(JSON.stringify(layout)) as Layout;
  } catch (cause) {
    throw new RangeError(`layout is not JSON: ${String(cause)}`, { cause });
  }
}

function remembered(text: string, entry: FramingEntry): FramingEntry {
  const [oldest] = RECENT.keys();
  if (RECENT.size >= MAX_RECENT && oldest !== undefined) RECENT.delete(oldest);
  RECENT.set(text, entry);
  return entry;
}

function readFramingText(text: string): FramingEntry {
  if (text.trimStart().startsWith('{')) return entryOf(parsed(text));
  const layout = readShortForm(text);
  if (layout !== undefined) return { ...entryOf({ ...layout, name: text }, text), text, summary: `the short form ${text}` };
  const forms = SHORT_FORMS.slice(0, 2).join(', ');
  throw new RangeError(`unknown framing ${JSON.stringify(text)}; allowed: ${framingNames.join(', ')}; forms as ${forms}; a layout as JSON`);
}

function parsed(text: string): Layout {
  try {
    return JSON.parse(text) as Layout;
  } catch (cause) {
    throw new RangeError(`the layout is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Makes the codec that a text stands for, as {@link framingOf} reads it.
 *
 * A limit beyond the range of the format is lowered to it, so that one `--max-frame` fits every `--framing`.
 *
 * @throws RangeError as `framingOf` does, and when the limit is below the smallest frame.
 */
export function codecByName(name: string, { maxPayloadBytes }: FramingOptions = {}): ByteCodec {
  const entry = framingOf(name);
  return entry.create(maxPayloadBytes === undefined ? {} : { maxPayloadBytes: Math.min(maxPayloadBytes, entry.maxPayloadBytes) });
}
