import { inChinese } from '../../../src/pages/probe/in-chinese.ts';
import { language } from '../../shell/language.ts';
import type { JSX } from 'preact';

/** A sentence of the probe in the reader's language; without a translation it stays English, marked so for screen readers. */
export function Said({ text }: { readonly text: string }): JSX.Element {
  const zh = language.value === 'zh' ? inChinese(text) : undefined;
  return zh === undefined ? <span lang="en">{text}</span> : <span>{zh}</span>;
}
