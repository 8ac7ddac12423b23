import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { repoRoot } from './repo-root.ts';

const run = promisify(execFile);
/** On Windows npm, npx and the commands of dependencies are `.cmd` files, which only a shell starts. */
const isWindows = process.platform === 'win32';
/** What packing needs of the repository: the versions of the catalog, what `tsc` extends, what builds. */
const WORKSPACE_FILES = ['package.json', 'pnpm-workspace.yaml', 'tsconfig.base.json', '.ci/prepack.mjs'];
/** What is built, installed or private. */
const LEFT_OUT = new Set(['dist', '.tsbuild', '.turbo', 'node_modules', 'test', 'bench', 'fuzz']);
const SCOPE = '@socklab';

/**
 * Packs packages of this repository, folders below `packages/` in dependency order, in a copy of it, so that a clean build
 * there does not disturb the working tree. pnpm packs them, as for publishing: only pnpm resolves the catalog and applies
 * `publishConfig`.
 *
 * @returns the paths of the tarballs in `folder`, in the same order
 */
export async function packPackages(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const copy = join(folder, 'repository');
  await mkdir(copy);
  for (const file of WORKSPACE_FILES) await cp(join(repoRoot, file), join(copy, file));
  for (const name of names) await copyPackage(join(copy, 'packages'), name, names);
  const tarballs: string[] = [];
  // One after the other: each also builds those before it.
  for (const name of names) tarballs.push(await packCopy(copyOf(folder, name), folder));
  return tarballs;
}

async function copyPackage(packages: string, name: string, packed: readonly string[]): Promise<void> {
  const from = join(repoRoot, 'packages', name);
  const to = join(packages, name);
  await cp(from, to, { recursive: true, filter: (path) => !LEFT_OUT.has(relative(from, path).split(sep)[0]!) });
  await linkAll(join(from, 'node_modules'), join(to, 'node_modules'), packages, packed);
}

/** Links to everything in a `node_modules`, to the copies of the packages that are packed with it. */
async function linkAll(from: string, to: string, packages: string, packed: readonly string[]): Promise<void> {
  await mkdir(join(to, SCOPE), { recursive: true });
  for (const entry of await readdir(from)) {
    if (entry !== SCOPE && (entry === '.bin' || !entry.startsWith('.'))) await symlink(join(from, entry), join(to, entry));
  }
  for (const own of await readdir(join(from, SCOPE))) {
    await symlink(packed.includes(own) ? join(packages, own) : join(from, SCOPE, own), join(to, SCOPE, own));
  }
}

async function packCopy(copy: string, folder: string): Promise<string> {
  const [command, ...args] = await pnpmCommand();
  await run(command, [...args, 'pack', '--pack-destination', folder], { cwd: copy, shell: isWindows && command === 'npx' });
  const { name, version } = await manifestIn(copy);
  return join(folder, tarballName(name, version));
}

/**
 * Runs `prepack` of a package once more, in the copy that {@link packPackages} packed it in.
 *
 * @returns the folder of the package in that copy
 */
export async function prepackAgain(folder: string, name: string): Promise<string> {
  const copy = copyOf(folder, name);
  const { prepack } = (await manifestIn(copy))['scripts'] as { readonly prepack: string };
  const path = [join(copy, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  await run('sh', ['-c', prepack], { cwd: copy, env: { ...process.env, PATH: path } });
  return copy;
}

function copyOf(folder: string, name: string): string {
  return join(folder, 'repository', 'packages', name);
}

/** The pnpm that runs the tests, as it tells its scripts; else the repository's, from the cache of npx, so that no registry is asked. */
async function pnpmCommand(): Promise<readonly [string, ...string[]]> {
  const running = process.env['npm_execpath'] ?? '';
  if (/\bpnpm\.[cm]?js$/.test(running)) return [process.execPath, running];
  if (/\bpnpm$/.test(running)) return [running];
  const { packageManager } = JSON.parse(await readFile(join(repoRoot, 'package.json'), 'utf8')) as { packageManager: string };
  return ['npx', '--prefer-offline', '-y', packageManager];
}

/**
 * Packs an installed third-party package in `installed`, for programs that cannot reach its registry.
 *
 * @returns the path of the tarball in `folder`
 */
export async function packInstalled(folder: string, installed: string): Promise<string> {
  const { name, version } = await manifestIn(installed);
  // A copy, because npm packs nothing inside a node_modules.
  const copy = join(folder, `installed-${basename(installed)}`);
  await cp(await realpath(installed), copy, { recursive: true });
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder, copy], { shell: isWindows });
  return join(folder, tarballName(name, version));
}

/** Installs tarballs as a user does, with npm, into a new folder, without network or cache. */
export async function installTarballs(consumer: string, tarballs: readonly string[]): Promise<void> {
  await mkdir(consumer);
  await writeFile(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  const options = ['--offline', '--cache', join(consumer, 'cache'), '--no-audit', '--no-fund'];
  await run('npm', ['install', ...options, ...tarballs], { cwd: consumer, shell: isWindows });
}

/** The file name of a package's tarball. */
function tarballName(name: string, version: string): string {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
}

/** The part of a package.json that tests read. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly [field: string]: unknown;
}

/** The package.json in a folder. */
export async function manifestIn(folder: string): Promise<PackageManifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageManifest;
}

/** The exports of a package as published: without the condition that only this repository uses. */
export function publishedExports({ exports }: PackageManifest): PackageManifest['exports'] {
  const published = Object.entries(exports).map(([surface, target]) => {
    if (typeof target === 'string') return [surface, target] as const;
    return [surface, Object.fromEntries(Object.entries(target).filter(([condition]) => condition !== `${SCOPE}/source`))] as const;
  });
  return Object.fromEntries(published);
}

/** A command that has ended. */
export interface ToolRun {
  /** Its output on both streams. */
  readonly output: string;
  readonly exitCode: number;
}

/** Runs a command of a package's dependency; `packageFolder` is the folder of that package. */
export async function runTool(packageFolder: string, name: string, parameters: readonly string[], cwd: string): Promise<ToolRun> {
  const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`;
  const command = join(packageFolder, 'node_modules', '.bin', name);
  try {
    const { stdout, stderr } = await run(command, parameters, { cwd, env: { ...process.env, PATH: path }, shell: isWindows });
    return { output: stdout + stderr, exitCode: 0 };
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout: string; stderr: string; code: number };
    return { output: stdout + stderr, exitCode: code };
  }
}
