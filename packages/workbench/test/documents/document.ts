import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '@socklab/testkit';

/** A block of commands, and lines that they print, in order; `…` in the document stands for what is left out. */
export interface Block {
  /** The heading that it stands under. */
  readonly section: string;
  readonly commands: string;
  readonly prints: readonly string[];
}

/** What can be run of a document. */
export interface RunnableDocument {
  /** By their names. */
  readonly files: Readonly<Record<string, string>>;
  readonly blocks: readonly Block[];
  /** Blocks of commands that say why they are not run. */
  readonly notRun: readonly string[];
}

const FENCED =
  /(?:<!-- (?<mark>file|not run): (?<note>.*?) -->\n\n)?```(?<language>\w+)\n(?<text>.*?)^```\n(?:\n```text\n(?<prints>.*?)^```\n)?/gms;

/** Reads `docs/x.md`: files by `<!-- file: NAME -->`, commands, and those with `<!-- not run: WHY -->` before them. */
export function readDocument(path: string): RunnableDocument {
  const files: Record<string, string> = {};
  const blocks: Block[] = [];
  const notRun: string[] = [];
  for (const part of readFileSync(join(repoRoot, path), 'utf8').split(/^## /m)) {
    const section = part.split('\n', 1)[0]!;
    for (const { groups } of part.matchAll(FENCED)) {
      const { mark, note = '', language, text = '', prints = '' } = groups!;
      if (mark === 'file') files[note] = text;
      else if (language !== 'sh') continue;
      else if (mark === 'not run') notRun.push(note);
      else blocks.push({ section, commands: text, prints: prints.split('\n').filter((line) => line !== '' && line !== '…') });
    }
  }
  return { files, blocks, notRun };
}
