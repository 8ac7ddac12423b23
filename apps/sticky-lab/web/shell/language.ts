import { effect, signal } from '@preact/signals';
import { askedLanguage } from './address.ts';
import { remembered } from './remembered.ts';
import type { Text } from '@socklab/lab';

export type { Text } from '@socklab/lab';

/** The languages of the page. */
export type Language = keyof Text;

const LANGUAGES: readonly Language[] = ['en', 'zh'];

/** The language the page is in: the one that the address asks for, else the reader's last choice, else the browser's. It is remembered. */
export const language = signal<Language>(
  LANGUAGES.find((each) => each === askedLanguage) ??
    remembered('language', LANGUAGES) ??
    (navigator.language.startsWith('zh') ? 'zh' : 'en'),
);

effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
  localStorage.setItem('language', language.value);
});

/** A text in the reader's language. Components that use it are redrawn when the language changes. */
export function t(text: Text): string {
  return text[language.value];
}
