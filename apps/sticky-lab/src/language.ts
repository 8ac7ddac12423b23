import { option } from '@socklab/service';
import { APP } from './version.ts';
import type { Language } from '@socklab/lab';
import type { Option } from '@socklab/service';

/** @returns the language of an environment, as POSIX defines it: that of the first of three variables that is set. */
export function languageOf({ LC_ALL, LC_MESSAGES, LANG }: Readonly<Record<string, string | undefined>>): Language {
  return /^zh/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'zh' : 'en';
}

/** `--language` of a command. */
export function languageOption(help: string, language: Language = 'en'): Option {
  return option(APP, '--language <code>', help, {
    default: language,
    defaultText: 'zh where LANG is Chinese, else en',
    choices: ['en', 'zh'],
  });
}
