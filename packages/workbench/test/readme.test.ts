import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '@socklab/testkit';
import { expect, test } from 'vitest';

const LANGUAGES = ['README.md', 'README.zh-CN.md'];
const read = (file: string): string => readFileSync(join(repoRoot, file), 'utf8');

/** The commands of a README, in their order. */
const commandsOf = (text: string): string[] => [...text.matchAll(/`(npm run [^`]+)`/g)].map(([, command]) => command!);

test('both languages of the README show the same commands', () => {
  const [english, chinese] = LANGUAGES.map((file) => commandsOf(read(file)));
  expect(english!.length).toBeGreaterThan(15);
  expect(chinese).toEqual(english);
});

test.each(LANGUAGES)('each file that %s links to is there', (file) => {
  const targets = [...read(file).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target!);
  expect(targets.length).toBeGreaterThan(5);
  expect(targets.filter((target) => !existsSync(join(repoRoot, target)))).toEqual([]);
});

test.each(LANGUAGES)('each npm script that %s names is one', (file) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = commandsOf(read(file)).map((command) => /^npm run ([\w-]+)/.exec(command)![1]!);
  expect([...new Set(named)].filter((script) => !(script in scripts))).toEqual([]);
});
