import { effect, signal } from '@preact/signals';
import { remembered } from './remembered.ts';

/** The appearance of the page: that of the system, or the reader's choice. */
export type Theme = 'system' | 'light' | 'dark';

export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** The theme of the page; the reader's choice is remembered. */
export const theme = signal<Theme>(remembered('theme', THEMES) ?? 'system');

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
  localStorage.setItem('theme', theme.value);
});
