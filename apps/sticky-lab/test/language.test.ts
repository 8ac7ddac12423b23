import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { experiments } from '@socklab/lab';
import { expect, test } from 'vitest';
import { createStickyLabProgram } from '../src/cli.ts';
import { languageOf } from '../src/language.ts';

test.each([
  [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'zh_TW' }, 'zh'],
  [{ LANG: 'zh_CN.UTF-8', LC_MESSAGES: 'C' }, 'en'],
  [{ LANG: 'zh_CN.UTF-8', LC_ALL: '' }, 'zh'],
  [{ LANG: 'de_DE.UTF-8' }, 'en'],
  [{}, 'en'],
] as const)('the language of %o is %s', (environment, language) => {
  expect(languageOf(environment)).toBe(language);
});

test.each([
  [['demo', '--list', 'two-sends-merge'], '紧接着发送的两条消息'],
  [['exercise', 'greet'], '打招呼'],
])('%j is in Chinese where the environment is, and in English on request', async (words, chinese) => {
  expect(await printed(words)).toContain(chinese);
  expect(await printed([...words, '--language', 'en'])).not.toMatch(/\p{Script=Han}/u);
});

const fail = (): void => expect.unreachable();

async function printed(words: readonly string[]): Promise<string> {
  const stdout = new PassThrough();
  const streams = { stdin: new PassThrough(), stdout, stderr: stdout };
  const machine = { node: 'v0.0.0', platform: 'test' };
  const program = createStickyLabProgram({ experiments, stdout, machine, streams, exitWith: fail, language: 'zh' });
  await program.parseAsync(['node', 'sticky-lab', ...words]);
  stdout.end();
  return text(stdout);
}
