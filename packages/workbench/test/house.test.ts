import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { repoRoot } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';

/** Most files that a folder of sources holds directly. */
const MAX_FILES = 15;

/** The folders that modules import each other in by relative paths: the sources of each package, and the page. */
const ROOTS = globSync(['packages/*/src', 'apps/*/src', 'apps/*/web'], { cwd: repoRoot }).toSorted();

/** Modules of a root, their paths from it. */
function modulesOf(root: string): readonly string[] {
  return globSync('**/*.{ts,tsx}', { cwd: `${repoRoot}/${root}` }).toSorted();
}

/** The modules of the same root that a module imports, types included. */
function importsOf(root: string, module: string, modules: ReadonlySet<string>): readonly string[] {
  const text = readFileSync(`${repoRoot}/${root}/${module}`, 'utf8');
  const specifiers = Array.from(text.matchAll(/(?:\bfrom|\bimport\()\s*'(\.{1,2}\/[^']+)'/g), ([, specifier = '']) => specifier);
  return specifiers.map((specifier) => posix.join(posix.dirname(module), specifier)).filter((path) => modules.has(path));
}

/** The room of a module: its folder; at the top of a root each module is one by itself. */
const roomOf = (module: string): string => (module.includes('/') ? posix.dirname(module) : module);

/** From room to room: an import that says so, for each. */
function arrowsOf(root: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const modules = new Set(modulesOf(root));
  const arrows = new Map<string, Map<string, string>>();
  for (const module of modules) {
    for (const imported of importsOf(root, module, modules)) {
      const [from, to] = [roomOf(module), roomOf(imported)];
      if (from === to) continue;
      const known = arrows.get(from) ?? new Map<string, string>();
      arrows.set(from, known.set(to, `${module} imports ${imported}`));
    }
  }
  return arrows;
}

/** The imports of a way from a room back to itself; undefined when there is none. */
function circleOf(arrows: ReadonlyMap<string, ReadonlyMap<string, string>>): readonly string[] | undefined {
  const done = new Set<string>();
  const follow = (room: string, rooms: readonly string[], imports: readonly string[]): readonly string[] | undefined => {
    const start = rooms.indexOf(room);
    if (start >= 0) return imports.slice(start);
    if (done.has(room)) return undefined;
    for (const [next, why] of arrows.get(room) ?? []) {
      const found = follow(next, [...rooms, room], [...imports, why]);
      if (found !== undefined) return found;
    }
    done.add(room);
    return undefined;
  };
  for (const room of arrows.keys()) {
    const found = follow(room, [], []);
    if (found !== undefined) return found;
  }
  return undefined;
}

describe.each(ROOTS)('%s', (root) => {
  test('between its folders no arrow runs back', () => {
    expect(circleOf(arrowsOf(root))).toBeUndefined();
  });

  test(`no folder holds more than ${MAX_FILES} files`, () => {
    const counts = new Map<string, number>();
    for (const module of modulesOf(root)) counts.set(posix.dirname(module), (counts.get(posix.dirname(module)) ?? 0) + 1);
    const full = [...counts].filter(([, count]) => count > MAX_FILES);
    expect(full, 'move the files of such a folder into folders below it, by what they are about').toEqual([]);
  });
});

/** Whether a path is there, from the root or from where packages and apps are. */
function isThere(path: string): boolean {
  return globSync([path, `packages/${path}`, `apps/${path}`], { cwd: repoRoot }).length > 0;
}

test('what ARCHITECTURE.md names is there', () => {
  const text = readFileSync(`${repoRoot}/ARCHITECTURE.md`, 'utf8').replace(/^## Where a change goes[\s\S]*?(?=^## )/m, '');
  const named = Array.from(
    text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+)`|\(([\w.-]+\/src\/[\w./-]+)\)/g),
    ([, quoted, bracketed]) => quoted ?? bracketed ?? '',
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((path) => !isThere(path))).toEqual([]);
});
