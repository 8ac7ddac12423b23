import { DEFAULT_SETTINGS } from '../../../src/pages/playground/settings.ts';
import { addressOf } from '../../shell/address.ts';
import type { NumberName, PlaygroundSettings, SettingName } from '../../../src/pages/playground/settings.ts';

/** The settings in the form and in the address: unchecked texts. Messages are lines. */
export type Draft = Readonly<Record<SettingName, string>>;

const NAMES = Object.keys(DEFAULT_SETTINGS) as readonly SettingName[];

/** Longest address that every browser, chat and mail program accepts. */
const MAX_ADDRESS_CHARS = 2000;

/** The form that says these settings. */
export function draftOf({ messages, ...rest }: PlaygroundSettings): Draft {
  const texts = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)])) as Omit<Draft, 'messages'>;
  return { ...texts, messages: messages.join('\n') };
}

/** The request of the form. Invalid numbers become null, which the service refuses. */
export function settingsOf(draft: Draft): PlaygroundSettings {
  const number = (name: NumberName): number => (draft[name].trim() === '' ? Number.NaN : Number(draft[name]));
  return {
    messages: linesOf(draft.messages),
    repeat: number('repeat'),
    framing: draft.framing,
    write: draft.write as PlaygroundSettings['write'],
    gapMs: number('gapMs'),
    pieceBytes: number('pieceBytes'),
    noDelay: draft.noDelay === 'true',
    readBytes: number('readBytes'),
    firstRead: draft.firstRead as PlaygroundSettings['firstRead'],
    firstReadMs: number('firstReadMs'),
    readGapMs: number('readGapMs'),
  };
}

function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  // A final line break starts no further line.
  return text.replace(/\n$/, '').split('\n');
}

/** The settings of an address, and whether they are enough for a run. */
export function draftFromAddress(query: URLSearchParams): {
  readonly draft: Draft;
  readonly isComplete: boolean;
  readonly isGiven: boolean;
} {
  const defaults = draftOf(DEFAULT_SETTINGS);
  const draft = Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? defaults[name]])) as Draft;
  return { draft, isComplete: query.has('messages'), isGiven: NAMES.some((name) => query.has(name)) };
}

/** The parameters of an address that says this draft. Messages that are too long for an address are left out. */
export function addressParameters(draft: Draft): { readonly parameters: Readonly<Record<string, string>>; readonly isComplete: boolean } {
  const all = { page: 'playground', ...draft };
  if (addressOf(all).length <= MAX_ADDRESS_CHARS) return { parameters: all, isComplete: true };
  const { messages: _tooLong, ...rest } = all;
  return { parameters: rest, isComplete: false };
}
