import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { NODE_VERSIONS, installTarballs, manifestIn, packPackages, prepackAgain, publishedExports, runTool } from '@socklab/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageFolder } from './support/package-folder.ts';
import type { ToolRun } from '@socklab/testkit';

const run = promisify(execFile);

let folder: string;
let tarball: string;
let consumer: string;
let installed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framing-package-'));
  [tarball] = (await packPackages(folder, ['framing'])) as [string];
  consumer = join(folder, 'consumer');
  await installTarballs(consumer, [tarball]);
  installed = join(consumer, 'node_modules/@socklab/framing');
  // Beside it, as programs on Node have them.
  await mkdir(join(consumer, 'node_modules/@types'));
  await symlink(join(packageFolder, 'node_modules/@types/node'), join(consumer, 'node_modules/@types/node'));
}, 300_000);

afterAll(() => rm(folder, { recursive: true }));

test('publint finds nothing in the tarball', async () => {
  const { exitCode, output } = await runTool(packageFolder, 'publint', ['--strict', tarball], folder);
  expect(exitCode, output).toBe(0);
});

test('arethetypeswrong finds nothing in the tarball', async () => {
  const { exitCode, output } = await runTool(packageFolder, 'attw', ['--profile', 'esm-only', tarball], folder);
  expect(exitCode, output).toBe(0);
});

test('what is exported is what is exported here, without the condition that only this repository uses', async () => {
  expect((await manifestIn(installed)).exports).toEqual(publishedExports(await manifestIn(packageFolder)));
});

test('it is an ES module without side effects or dependencies, and runs no script when it is installed', async () => {
  const manifest = await manifestIn(installed);
  expect(manifest).toMatchObject({ type: 'module', sideEffects: false, license: 'MIT', engines: { node: '>=22.12' } });
  for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundleDependencies'])
    expect(manifest).not.toHaveProperty(kind);
  expect(Object.keys(manifest['scripts'] ?? {}).filter((name) => /install|prepare/.test(name))).toEqual([]);
  expect(JSON.stringify(manifest)).not.toMatch(/catalog:|workspace:/);
});

test('the tarball has the sources, what is built from them, the vectors and the texts, and nothing else', () => {
  const sources = globSync('**/*.ts', { cwd: join(packageFolder, 'src') }).map((file) => file.replaceAll(sep, '/'));
  const built = sources
    .map((file) => file.replace(/\.ts$/, ''))
    .flatMap((file) => ['.js', '.js.map', '.d.ts', '.d.ts.map'].map((ending) => `dist/${file}${ending}`));
  const vectors = globSync('{layouts,vectors}/*.json', { cwd: packageFolder }).map((file) => file.replaceAll(sep, '/'));
  const texts = [
    'package.json',
    'layout.schema.json',
    'README.md',
    'LICENSE',
    ...(existsSync(join(packageFolder, 'CHANGELOG.md')) ? ['CHANGELOG.md'] : []),
  ];
  const packed = globSync('**/*', { cwd: installed, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(installed.length + 1)
        .replaceAll(sep, '/'),
    );
  expect(packed.toSorted()).toEqual([...sources.map((file) => `src/${file}`), ...built, ...vectors, ...texts].toSorted());
});

test('packing takes nothing away that programs may be running from, and leaves nothing behind that no source explains', async () => {
  const copy = await prepackAgain(folder, 'framing');
  const filesOf = (): Record<string, string> =>
    Object.fromEntries(
      globSync('dist/**/*.*', { cwd: copy }).map((file) => {
        const { ino, mtimeMs } = statSync(join(copy, file));
        return [file, `${ino} ${mtimeMs}`];
      }),
    );
  const before = filesOf();
  expect(Object.keys(before).length).toBeGreaterThan(50);
  await writeFile(join(copy, 'dist/renamed-since.js'), 'export {};');
  await prepackAgain(folder, 'framing');
  // The very same files: neither removed nor written again.
  expect(filesOf()).toEqual(before);
  await rm(join(copy, 'dist/index.js'));
  await prepackAgain(folder, 'framing');
  expect(Object.keys(filesOf())).toEqual(Object.keys(before));
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

test.each(NODE_VERSIONS)('it runs on Node $major', async ({ major, command }) => {
  await checkedProgram(`run-${major}`, { module: 'nodenext' });
  const { stdout, stderr } = await run(command, [join(consumer, `run-${major}/out/platform.js`)], { cwd: consumer });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    node: major,
    roundTrip: 'hello',
    inPlace: 2,
    refused: 'FRAME_ERR_TOO_LARGE',
    echo: 'over a socket',
    lines: ['one', 'two'],
  });
});

/** Compiles the consumer in a folder of its own beside what is installed. */
async function checkedProgram(name: string, options: object, files = ['core.ts', 'platform.ts']): Promise<ToolRun> {
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
  return runTool(packageFolder, 'tsc', ['--project', 'tsconfig.json', '--pretty', 'false'], program);
}
