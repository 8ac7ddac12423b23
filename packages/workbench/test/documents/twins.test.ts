import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { repoRoot } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';

const read = (file: string): string => readFileSync(join(repoRoot, file), 'utf8');
/** Texts that are shorter than their twins, and say so. */
const SHORTER = ['docs/torture.zh-CN.md'];
const TWINS = globSync('{*,docs/*,apps/*/*}.zh-CN.md', { cwd: repoRoot })
  .filter((file) => !SHORTER.includes(file))
  .toSorted();
const englishOf = (file: string): string => file.replace('.zh-CN.md', '.md');
/** A cell that is no sentence: nothing, a number, or words of code. What begins a message, with `…` in it, is translated. */
const IS_CODE = /^(?:[\d.,]*|(?:`[^`…]+`[, ]*)+)$/;

/** The rows of all tables, each with its cells. */
const rowsOf = (text: string): readonly (readonly string[])[] =>
  text.split('\n').flatMap((line) =>
    line.startsWith('| ')
      ? [
          line
            .slice(1, line.lastIndexOf('|'))
            .split(/(?<!\\)\|/)
            .map((cell) => cell.trim().replaceAll('、', ', ')),
        ]
      : [],
  );

/** Fenced blocks without their comments. */
const blocksOf = (text: string): readonly string[] =>
  [...text.matchAll(/^```(?:sh|json|ts|js|yaml)\n(.*?)^```$/gms)].map(([, block]) =>
    block!.replaceAll(/ *(?:#|\/\/) .*$/gm, '').replaceAll(/'.*?\P{ASCII}.*?'/gu, ''),
  );

/** How deep the headings are, in their order. */
const depthsOf = (text: string): readonly number[] =>
  [...text.replaceAll(/^```.*?^```$/gms, '').matchAll(/^(#+) /gm)].map(([, signs]) => signs!.length);

describe.each(TWINS)('%s', (file) => {
  const [chinese, english] = [read(file), read(englishOf(file))];

  test('has the headings of its twin and its tables: each name, value and number in them', () => {
    expect(depthsOf(chinese)).toEqual(depthsOf(english));
    const [own, other] = [rowsOf(chinese), rowsOf(english)];
    expect(own.length).toBe(other.length);
    for (const [index, row] of other.entries()) {
      const wanted = row.map((cell) => (IS_CODE.test(cell) ? cell : '…'));
      expect(own[index]!.map((cell, column) => (wanted[column] === '…' ? '…' : cell))).toEqual(wanted);
    }
  });

  test('has the commands and the code of its twin, and links to it', () => {
    expect(blocksOf(chinese)).toEqual(blocksOf(english));
    expect(chinese).toContain(`[English](${basename(englishOf(file))})`);
    expect(english).toContain(`[中文](${basename(file)})`);
  });
});

/** The anchor that a page makes of a heading. */
const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
const anchorsOf = (file: string): readonly string[] => [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, title]) => anchorOf(title!));

test.each(globSync('{*,docs/*,apps/*/*,packages/*/*}.md', { cwd: repoRoot, exclude: ['**/node_modules/**', '**/CHANGELOG.md'] }))(
  'what %s links to is there, and so is the section',
  (file) => {
    const folder = file.split('/').slice(0, -1).join('/');
    for (const [, path, anchor] of read(file).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
      const target = path === '' ? file : join(folder, path!);
      expect(existsSync(join(repoRoot, target)), `${path}`).toBe(true);
      if (anchor === undefined) continue;
      const page = target.endsWith('.md') ? target : join(target, 'README.md');
      expect(anchorsOf(page), `${path}#${anchor}`).toContain(decodeURIComponent(anchor));
    }
  },
);
