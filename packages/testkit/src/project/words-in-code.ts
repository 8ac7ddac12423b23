import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from './repo-root.ts';

/**
 * Every distinct match of a pattern in the TypeScript files of folders, sorted: to be compared with a table of a README.
 * Throws when there is none: a test that compares it with a table cannot pass by accident.
 *
 * @param pattern - global: `/CLIENT_ERR_\w+/g`
 * @param folders - from the root of the repository: `apps/tcp-echo/src`
 */
export function wordsInCode(pattern: RegExp, ...folders: readonly string[]): readonly string[] {
  const files = folders.flatMap((folder) => globSync(join(repoRoot, folder, '**/*.ts')));
  const words = new Set(files.flatMap((file) => readFileSync(file, 'utf8').match(pattern) ?? []));
  if (words.size === 0) throw new Error(`nothing in ${folders.join(', ')} matches ${String(pattern)}`);
  return [...words].toSorted();
}
