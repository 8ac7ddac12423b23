import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repoRoot, startCommand } from '@socklab/testkit';
import { expect, test } from 'vitest';

const dev = [process.execPath, join(repoRoot, 'packages/workbench/start/dev.mjs')];
const sourceOf = (text: string, isServer = true): string =>
  `console.log('says ${text}');${isServer ? 'setInterval(() => {}, 60_000);' : ''}\n`;

/** A folder of an app that says what its source says. */
async function app(source: string): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'socklab-dev-'));
  await mkdir(join(folder, 'src'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(join(repoRoot, 'node_modules/tsx'), join(folder, 'node_modules/tsx'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'src/main.ts'), source);
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

test('dev runs again after each kind of save: in place, by a rename, and in place after that', async () => {
  await using made = await app(sourceOf('one'));
  const file = join(made.folder, 'src/main.ts');
  await using program = startCommand(dev, { cwd: made.folder });
  await program.line(/^says one$/);
  await writeFile(file, sourceOf('two'));
  await program.line(/^says two$/);
  await writeFile(`${file}.new`, sourceOf('three'));
  await rename(`${file}.new`, file);
  await program.line(/^says three$/);
  await cp(file, `${file}~`);
  await writeFile(file, sourceOf('four'));
  await program.line(/^says four$/);
});

test('a command that ends by itself ends dev', async () => {
  await using made = await app(sourceOf('done', false));
  const { code, stdout } = await startCommand([...dev, 'connect'], { cwd: made.folder }).exit();
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'says done\n' });
});
