import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pack, packageFolder, tool } from './pack.ts';

const run = promisify(execFile);
const oldestNode = join(packageFolder, 'test/node-versions/node_modules/node22/bin/node');

let folder: string;
let tarball: string;
let consumer: string;
let installed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framing-package-'));
  tarball = await pack(folder);
  consumer = join(folder, 'consumer');
  await mkdir(consumer);
  await writeFile(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: consumer });
  installed = join(consumer, 'node_modules/@socklab/framing');
  // Beside it, as programs on Node have them.
  await mkdir(join(consumer, 'node_modules/@types'));
  await symlink(join(packageFolder, 'node_modules/@types/node'), join(consumer, 'node_modules/@types/node'));
}, 120_000);

afterAll(() => rm(folder, { recursive: true }));

interface Manifest {
  readonly exports: Record<string, string | Record<string, string>>;
  readonly [field: string]: unknown;
}

function manifestIn(packed: string): Manifest {
  return JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8')) as Manifest;
}

test('publint finds nothing in the tarball', async () => {
  expect(await tool('publint', ['--strict', tarball], folder)).toMatchObject({ exitCode: 0 });
});

test('arethetypeswrong finds nothing in the tarball', async () => {
  expect(await tool('attw', ['--profile', 'esm-only', tarball], folder)).toMatchObject({ exitCode: 0 });
});

test('what is exported is what is exported here, without the condition that only this repository uses', () => {
  const here = manifestIn(packageFolder).exports;
  const withoutSource = Object.entries(here).map(([surface, target]) => {
    if (typeof target === 'string') return [surface, target];
    return [surface, Object.fromEntries(Object.entries(target).filter(([condition]) => condition !== '@socklab/source'))];
  });
  expect(manifestIn(installed).exports).toEqual(Object.fromEntries(withoutSource));
});

test('it is an ES module without side effects or dependencies, and runs no script when it is installed', () => {
  const manifest = manifestIn(installed);
  expect(manifest).toMatchObject({ type: 'module', sideEffects: false, license: 'MIT', engines: { node: '>=22.12' } });
  for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundleDependencies'])
    expect(manifest).not.toHaveProperty(kind);
  expect(Object.keys(manifest['scripts'] ?? {}).filter((name) => /install|prepare/.test(name))).toEqual([]);
  expect(JSON.stringify(manifest)).not.toMatch(/catalog:|workspace:/);
});

test('the tarball has the sources, what is built from them, the vectors and the texts, and nothing else', () => {
  const sources = globSync('**/*.ts', { cwd: join(packageFolder, 'src') });
  const built = sources
    .map((file) => file.replace(/\.ts$/, ''))
    .flatMap((file) => ['.js', '.js.map', '.d.ts', '.d.ts.map'].map((ending) => `dist/${file}${ending}`));
  const vectors = globSync('vectors/*.json', { cwd: packageFolder });
  const texts = ['package.json', 'README.md', 'LICENSE', ...(existsSync(join(packageFolder, 'CHANGELOG.md')) ? ['CHANGELOG.md'] : [])];
  const packed = globSync('**/*', { cwd: installed, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1));
  expect(packed.toSorted()).toEqual([...sources.map((file) => `src/${file}`), ...built, ...vectors, ...texts].toSorted());
});

test('source maps lead to sources that are there', () => {
  for (const map of globSync('dist/**/*.map', { cwd: installed })) {
    const { sources } = JSON.parse(readFileSync(join(installed, map), 'utf8')) as { sources: string[] };
    for (const source of sources) expect(existsSync(join(installed, map, '..', source)), `${map}: ${source}`).toBe(true);
  }
});

const resolutions = [
  { name: 'nodenext', options: { module: 'nodenext' } },
  { name: 'bundler', options: { module: 'esnext', moduleResolution: 'bundler' } },
];

test.each(resolutions)('a program type-checks with it under $name, its own declarations included', async ({ name, options }) => {
  const checked = await checkedProgram(name, options);
  expect(checked).toEqual({ output: '', exitCode: 0 });
});

test('the core type-checks where there is neither Node nor a browser', async () => {
  const checked = await checkedProgram('core', { module: 'nodenext', types: [] }, ['core.ts']);
  expect(checked).toEqual({ output: '', exitCode: 0 });
});

test.each([{ node: existsSync(oldestNode) ? oldestNode : process.execPath }, { node: process.execPath }])(
  'it runs on $node',
  async ({ node }) => {
    await checkedProgram('run', { module: 'nodenext' });
    const { stdout, stderr } = await run(node, [join(consumer, 'run/out/platform.js')], { cwd: consumer });
    expect(stderr).toBe('');
    const { node: major, ...seen } = JSON.parse(stdout) as Record<string, unknown>;
    if (node === oldestNode) expect(major).toBe('22');
    expect(seen).toEqual({
      roundTrip: 'hello',
      inPlace: 2,
      refused: 'FRAME_ERR_TOO_LARGE',
      echo: 'over a socket',
      lines: ['one', 'two'],
    });
  },
);

/** Compiles the consumer in a folder of its own beside what is installed. */
async function checkedProgram(name: string, options: object, files = ['core.ts', 'platform.ts']): ReturnType<typeof tool> {
  const program = join(consumer, name);
  await mkdir(program, { recursive: true });
  for (const file of files) await cp(join(packageFolder, 'test/consumer', file), join(program, file));
  const strict = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    target: 'es2024',
    lib: ['es2024'],
    types: ['node'],
  };
  const compilerOptions = { ...strict, outDir: 'out', rootDir: '.', ...options };
  await writeFile(join(program, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  return tool('tsc', ['--project', 'tsconfig.json', '--pretty', 'false'], program);
}
