import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { delimiter, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { repoRoot } from '@socklab/testkit';

/** The folder of this package. */
export const packageFolder: string = fileURLToPath(new URL('..', import.meta.url));

const run = promisify(execFile);
/** What packing needs of the repository: the versions of the catalog, and what `tsc` extends. */
const WORKSPACE_FILES = ['package.json', 'pnpm-workspace.yaml', 'tsconfig.base.json'];
/** What is built, installed or only for us. */
const LEFT_OUT = new Set(['dist', '.tsbuild', '.turbo', 'node_modules', 'test', 'bench', 'fuzz']);

/**
 * Packs the package in a copy of the repository, so that a clean build there disturbs nobody here, and returns the path of
 * the tarball. It is packed by pnpm, as for publishing: that alone resolves the catalog and applies `publishConfig`.
 */
export async function pack(folder: string): Promise<string> {
  const copy = join(folder, 'repository', 'packages', 'framing');
  await mkdir(copy, { recursive: true });
  for (const file of WORKSPACE_FILES) await cp(join(repoRoot, file), join(folder, 'repository', file));
  await cp(packageFolder, copy, { recursive: true, filter: (path) => !LEFT_OUT.has(relative(packageFolder, path).split(sep)[0]!) });
  await symlink(join(packageFolder, 'node_modules'), join(copy, 'node_modules'));
  const { packageManager } = JSON.parse(await readFile(join(repoRoot, 'package.json'), 'utf8')) as { packageManager: string };
  await run('npx', ['-y', packageManager, 'pack', '--pack-destination', folder], { cwd: copy });
  const { name, version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as { name: string; version: string };
  return join(folder, `${name.slice(1).replace('/', '-')}-${version}.tgz`);
}

/** Runs a command that a dependency of this package brings; what it printed, and its exit code. */
export async function tool(name: string, parameters: readonly string[], cwd: string): Promise<{ output: string; exitCode: number }> {
  const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`;
  const command = join(packageFolder, 'node_modules', '.bin', name);
  try {
    const { stdout, stderr } = await run(command, parameters, { cwd, env: { ...process.env, PATH: path } });
    return { output: stdout + stderr, exitCode: 0 };
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout: string; stderr: string; code: number };
    return { output: stdout + stderr, exitCode: code };
  }
}
