import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repoRoot, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';

const PAIRS = [
  ['README.md', 'README.zh-CN.md'],
  ['docs/lessons.md', 'docs/lessons.zh-CN.md'],
] as const;
const PAGES = PAIRS.flat();
const experiments = await experimentsByNumber();
const read = (file: string): string => readFileSync(join(repoRoot, file), 'utf8');

/** The commands of a page, in their order: those in the text, and the blocks of them. */
const commandsOf = (text: string): string[] =>
  [...text.matchAll(/`(npm (?:run|start|test)[^`]*)`|```sh\n([^]*?)```/g)].map(([, word, block]) => word ?? block!);

test.each(PAIRS)('%s and %s show the same commands', (english, chinese) => {
  expect(commandsOf(read(english)).length).toBeGreaterThan(5);
  expect(commandsOf(read(chinese)).toSorted()).toEqual(commandsOf(read(english)).toSorted());
});

test.each(PAIRS)('%s and %s have the same sections, tables and pictures, in the same order', (english, chinese) => {
  const [one, other] = [english, chinese].map((file) => read(file).split('\n').flatMap(shapeOf));
  expect(other).toEqual(one);
});

test.each(PAGES)('each file and section that %s links to is there', (file) => {
  const text = read(file);
  const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target!);
  expect(targets.length).toBeGreaterThan(1);
  expect(targets.filter((target) => !existsSync(join(repoRoot, dirname(file), target)))).toEqual([]);
  const sections = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title!.toLowerCase().replaceAll(' ', '-'));
  const wanted = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, section]) => section!);
  expect(wanted.filter((section) => !sections.includes(section))).toEqual([]);
});

test.each(PAGES)('each npm script that %s names is one', (file) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read(file).matchAll(/npm run ([\w-]+)/g)].map(([, script]) => script!);
  expect([...new Set(named)].filter((script) => !(script in scripts))).toEqual([]);
});

test.each(PAIRS[1])('%s has every experiment, by its number', (file) => {
  const rows = [...read(file).matchAll(/^\| (\d+) .*demo ([\w-]+)`/gm)].map(([, lesson, id]) => `${lesson} ${id}`);
  expect(rows, `write a row for each experiment into ${file}`).toEqual(experiments);
});

test('the README counts the experiments as they are', () => {
  for (const file of PAIRS[0]) {
    const counted = Array.from(read(file).matchAll(/(\d+) (?:experiments|个实验)/g), ([, count]) => Number(count));
    expect(counted.length).toBeGreaterThan(1);
    expect(new Set(counted), `the number of experiments, wherever ${file} has it`).toEqual(new Set([experiments.length]));
  }
});

/** What has to be the same in another language. */
function shapeOf(line: string): string[] {
  if (/^#+ /.test(line)) return [line.replace(/ .*/, '')];
  if (line.startsWith('|')) return [`row of ${line.split('|').length}`];
  return line.startsWith('![') || line.startsWith('```') ? [line.slice(0, 5).replace(/\[.*/, '')] : [];
}

/** `1 address-is-32-bits` and so on, as the program lists them. */
async function experimentsByNumber(): Promise<readonly string[]> {
  await using list = startProgram('sticky-lab', ['demo', '--list', '--json']);
  const { stdout } = await list.exit();
  return (JSON.parse(stdout) as { lesson: number; id: string }[]).map(({ lesson, id }) => `${lesson} ${id}`);
}
