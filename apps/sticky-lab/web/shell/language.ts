import { effect, signal } from '@preact/signals';
import { remembered } from './remembered.ts';
import type { Text } from '@socklab/lab';

export type { Text } from '@socklab/lab';

/** The languages of the page. */
export type Language = keyof Text;

/** The language the page is in; the reader's choice is remembered. */
export const language = signal<Language>(remembered('language', ['en', 'zh']) ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'));

effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
  localStorage.setItem('language', language.value);
});

/** A text in the reader's language. Components that use it are redrawn when the language changes. */
export function t(text: Text): string {
  return text[language.value];
}
