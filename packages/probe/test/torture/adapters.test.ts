import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { torture } from '../../src/torture/torture.ts';

const folder = fileURLToPath(new URL('../../adapters/', import.meta.url));
const MAX_LINES = 15;

interface Adapter {
  readonly file: string;
  /** What must be there. */
  readonly tool: readonly string[];
  /** The program, once it is built; `{out}` is a folder. */
  readonly run: readonly string[];
  readonly build?: readonly string[];
}

const ADAPTERS: readonly Adapter[] = [
  { file: 'python.py', tool: ['python3', '--version'], run: ['python3', 'python.py'] },
  {
    file: 'Adapter.java',
    tool: ['javac', '-version'],
    run: ['java', '-cp', '{out}', 'Adapter'],
    build: ['javac', '-d', '{out}', 'Adapter.java'],
  },
  {
    file: 'c.c',
    tool: ['cc', '--version'],
    run: ['{out}/decoder'],
    build: ['cc', '-O2', '-Wall', '-Werror', '-o', '{out}/decoder', 'c.c'],
  },
  {
    file: 'rust.rs',
    tool: ['rustc', '--version'],
    run: ['{out}/decoder'],
    build: ['rustc', '--edition', '2021', '-o', '{out}/decoder', 'rust.rs'],
  },
  { file: 'go.go', tool: ['go', 'version'], run: ['{out}/decoder'], build: ['go', 'build', '-o', '{out}/decoder', 'go.go'] },
  { file: 'erlang.escript', tool: ['erl', '-noshell', '-eval', 'halt().'], run: ['escript', 'erlang.escript'] },
];

/** A compiler that is not there is no fault of ours, nor is one that is a stand-in for a version which nobody chose. */
function isThere([program = '', ...words]: readonly string[]): boolean {
  return spawnSync(program, words).status === 0;
}

test('there is no adapter that is not tried here; that for Node.js is tried with our own decoders', () => {
  expect(readdirSync(folder).toSorted()).toEqual([...ADAPTERS.map(({ file }) => file), 'node.mjs'].toSorted());
});

test.each([...ADAPTERS.map(({ file }) => file), 'node.mjs'])(`the adapter of %s has at most ${MAX_LINES} lines`, (file) => {
  const [, adapter = ''] = /^\W*adapter\b.*\n([^]*)$/m.exec(readFileSync(join(folder, file), 'utf8')) ?? [];
  // Closing brackets say nothing, nor do empty lines.
  const lines = adapter.split('\n').filter((line) => /\w/.test(line));
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
});

for (const { file, tool, run, build } of ADAPTERS) {
  test.runIf(isThere(tool))(`the decoder of ${file} passes`, { timeout: 120_000 }, async () => {
    await using out = await temporaryFolder();
    const filled = (words: readonly string[]): string[] => words.map((word) => word.replace('{out}', out.path));
    if (build !== undefined) {
      const [program = '', ...words] = filled(build);
      await promisify(execFile)(program, words, { cwd: folder, env: { ...process.env, GOCACHE: join(out.path, 'cache') } });
    }
    const words = filled(run).map((word) => (word === file ? join(folder, file) : word));
    // Every kind of test but those that are many.
    const plans = ['lengths', 'drip', 'glue', 'glue+cut', 'empty', 'truncation', 'limit', 'limit-early'] as const;
    const report = await torture({ framing: 'u32be', run: words, plans, hangMs: 20_000 });
    expect(report.cases).toEqual([]);
    expect(report.outcome).toBe('pass');
  });
}
