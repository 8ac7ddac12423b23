import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import {
  NODE_VERSIONS,
  installTarballs,
  manifestIn,
  packInstalled,
  packPackages,
  prepackAgain,
  publishedExports,
  repoRoot,
  runTool,
} from '@socklab/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ToolRun } from '@socklab/testkit';

const run = promisify(execFile);
const packageFolder = join(repoRoot, 'packages', 'probe');
const isLinux = process.platform === 'linux';

let folder: string;
let tarball: string;
let consumer: string;
let installed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probe-package-'));
  const tarballs = await packPackages(folder, ['framing', 'probe']);
  tarball = tarballs[1]!;
  consumer = join(folder, 'consumer');
  const others = ['pure-rand', 'valibot'].map((name) => packInstalled(folder, join(packageFolder, 'node_modules', name)));
  await installTarballs(consumer, [...tarballs, ...(await Promise.all(others))]);
  installed = join(consumer, 'node_modules/@socklab/probe');
  await link(consumer, '@types/node');
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

test('it is an ES module without side effects, and runs no script when it is installed', async () => {
  const manifest = await manifestIn(installed);
  expect(manifest).toMatchObject({ type: 'module', sideEffects: false, license: 'MIT', engines: { node: '>=22.12' } });
  const scripts = Object.keys(manifest['scripts'] ?? {});
  expect(scripts.filter((name) => /install|prepare/.test(name))).toEqual([]);
  expect(JSON.stringify(manifest)).not.toMatch(/catalog:|workspace:/);
});

test('it depends on the framing of the same repository, on what makes plans random and on what checks files; vitest is optional', async () => {
  const framing = await manifestIn(join(repoRoot, 'packages/framing'));
  const { dependencies, peerDependenciesMeta } = await manifestIn(installed);
  const exact = expect.stringMatching(/^\d+\.\d+\.\d+$/);
  expect(dependencies).toEqual({ '@socklab/framing': framing.version, 'pure-rand': exact, valibot: exact });
  expect(peerDependenciesMeta).toEqual({ vitest: { optional: true } });
  expect(existsSync(join(consumer, 'node_modules/vitest'))).toBe(false);
});

test('the tarball has the sources, what is built from them and the texts, and nothing of tests and builds', () => {
  const packed = globSync('**/*', { cwd: installed, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(installed.length + 1)
        .replaceAll(sep, '/'),
    );
  const sources = globSync('src/**/*.ts', { cwd: packageFolder }).map((file) => file.replaceAll(sep, '/'));
  expect(packed.filter((file) => file.startsWith('src/')).toSorted()).toEqual(sources.toSorted());
  const built = sources.map((file) => file.replace(/^src\/(.*)\.ts$/, 'dist/$1'));
  expect(packed).toEqual(
    expect.arrayContaining(built.flatMap((file) => ['.js', '.js.map', '.d.ts', '.d.ts.map'].map((end) => file + end))),
  );
  const texts = ['package.json', 'README.md', 'LICENSE', ...(existsSync(join(packageFolder, 'CHANGELOG.md')) ? ['CHANGELOG.md'] : [])];
  expect(packed.filter((file) => !file.includes('/')).toSorted()).toEqual(texts.toSorted());
  expect(packed.filter((file) => /\.test\.|tsconfig|tsbuildinfo|^(test|bench|node_modules)\//.test(file))).toEqual([]);
});

test('packing takes nothing away that programs may be running from, and leaves nothing behind that no source explains', async () => {
  const copy = await prepackAgain(folder, 'probe');
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
  await prepackAgain(folder, 'probe');
  // The very same files: neither removed nor written again.
  expect(filesOf()).toEqual(before);
  await rm(join(copy, 'dist/index.js'));
  await prepackAgain(folder, 'probe');
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
  expect(await checkedProgram(join(consumer, name), options)).toEqual({ output: '', exitCode: 0 });
});

test('a test suite type-checks with its matchers, beside vitest', async () => {
  const suite = join(folder, 'suite');
  await cp(consumer, suite, { recursive: true });
  await link(suite, 'vitest');
  const checked = await checkedProgram(join(suite, 'matchers'), { module: 'nodenext', skipLibCheck: true }, ['matchers.ts']);
  expect(checked).toEqual({ output: '', exitCode: 0 });
});

test.each(NODE_VERSIONS)('each entry exports on Node $major what it exports here', async ({ command }) => {
  const { exports } = await manifestIn(packageFolder);
  for (const [surface, target] of Object.entries(exports)) {
    if (typeof target === 'string') continue;
    const here = (await import(join(packageFolder, target['@socklab/source']!))) as object;
    const script = `process.stdout.write(JSON.stringify(Object.keys(await import('@socklab/probe${surface.slice(1)}'))))`;
    const { stdout, stderr } = await run(command, ['--input-type=module', '--eval', script], { cwd: consumer });
    expect([surface, stderr]).toEqual([surface, '']);
    expect([surface, (JSON.parse(stdout) as string[]).toSorted()]).toEqual([surface, Object.keys(here).toSorted()]);
  }
});

// At once: they wait most of the time.
test.concurrent.each(NODE_VERSIONS)(
  'it finds out which servers and clients of Node $major are right',
  async ({ major, command }) => {
    const program = join(consumer, `run-${major}`);
    await checkedProgram(program, { module: 'nodenext' });
    const { stdout, stderr } = await run(command, [join(program, 'out/campaigns.js')], { cwd: consumer, timeout: 60_000 });
    expect(stderr).toBe('');
    const right = { outcome: isLinux ? 'pass' : 'unconfirmed', totals: { fail: 0, flaky: 0 }, survives: isLinux };
    const broken = { outcome: 'fail', survives: false };
    expect(JSON.parse(stdout)).toMatchObject({
      node: major,
      rightServer: right,
      brokenServer: { ...broken, bug: 'recv-is-message' },
      rightClient: right,
      brokenClient: { ...broken, totals: { fail: 1 } },
    });
  },
  70_000,
);

/** Puts what is installed here beside it, as programs that use it have it. */
async function link(program: string, name: string): Promise<void> {
  const path = join(program, 'node_modules', name);
  await mkdir(join(path, '..'), { recursive: true });
  await symlink(join(packageFolder, 'node_modules', name), path);
}

/** Compiles the consumer in a folder of its own beside what is installed. */
async function checkedProgram(program: string, options: object, files = ['campaigns.ts', 'client.ts']): Promise<ToolRun> {
  await cp(join(packageFolder, 'test/consumer'), program, { recursive: true });
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
