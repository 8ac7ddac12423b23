import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { readDocument } from './document.ts';
import { runBlocks } from './run.ts';

const ENGLISH = globSync('docs/*.md', { cwd: repoRoot })
  .filter((file) => !file.includes('zh-CN'))
  .toSorted();
const twinOf = (file: string): string => file.replace('.md', '.zh-CN.md');
const withoutComments = (text: string): string => text.replaceAll(/ *(\/\/|#) .*$/gm, '');

/** Which of the lines that are wanted are printed, in their order, each as the beginning of a line. */
function printed(output: string, wanted: readonly string[]): readonly string[] {
  const lines = output.split('\n');
  return wanted.filter((line) => {
    const at = lines.findIndex((each) => each.startsWith(line));
    if (at >= 0) lines.splice(0, at + 1);
    return at >= 0;
  });
}

const SECTIONS = ENGLISH.flatMap((file) =>
  [...new Set(readDocument(file).blocks.map(({ section }) => section))].map((section) => [file, section] as const),
);

// A cut is confirmed by the kernel's tables, which only Linux has.
test.runIf(process.platform === 'linux').each(SECTIONS)('the commands of %s, %s, print what it says', async (file, section) => {
  const { files, blocks: all } = readDocument(file);
  const blocks = all.filter((block) => block.section === section);
  const outputs = await runBlocks({ files, blocks });
  expect(outputs.length).toBe(blocks.length);
  for (const [index, { prints }] of blocks.entries()) expect(printed(outputs[index]!, prints), outputs[index]).toEqual(prints);
});

// The Chinese text of the torture suite is shorter, and says so.
test.each(ENGLISH.filter((file) => file !== 'docs/torture.md'))(
  '%s has a Chinese twin with the same commands, files and outputs',
  (file) => {
    const [english, chinese] = [readDocument(file), readDocument(twinOf(file))];
    const plain = ({ files, blocks, notRun }: typeof english) => ({
      notRun,
      blocks: blocks.map(({ commands, prints }) => ({ commands, prints })),
      files: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, withoutComments(text)])),
    });
    expect(plain(chinese)).toEqual(plain(english));
  },
);

test.each([
  ['README.md', ENGLISH],
  ['README.zh-CN.md', ENGLISH.map(twinOf)],
])('%s has each document of its language in its map', (readme, documents) => {
  const links = [...readFileSync(join(repoRoot, readme), 'utf8').matchAll(/\]\(([^)#]+)/g)].map(([, target]) => target!);
  expect(documents.filter((document) => !links.includes(document))).toEqual([]);
});
