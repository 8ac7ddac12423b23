// Makes dist what the sources are, before a package is packed: `node ../../.ci/prepack.mjs src`, in the folder of the package. It never takes
// away what is right, as programs may be running from it: it builds what is out of date or missing, and removes what no source explains.

import { execFileSync } from 'node:child_process';
import { existsSync, globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** Folders of sources, each with a tsconfig.json, those first that others need: src goes to dist, any other folder to dist/<folder>. */
const folders = process.argv.slice(2);

function build() {
  execFileSync('tsc', ['-b', folders.at(-1)], { stdio: 'inherit', shell: process.platform === 'win32' });
}

const wanted = folders.flatMap((folder) =>
  globSync('**/*.ts', { cwd: folder, exclude: (name) => name === 'node_modules' })
    .map((file) => join('dist', folder === 'src' ? '' : folder, file.replace(/\.ts$/, '')))
    .flatMap((path) => ['.js', '.js.map', '.d.ts', '.d.ts.map'].map((ending) => path + ending)),
);

build();
if (!wanted.every((path) => existsSync(path))) {
  // tsc believes its notes about an earlier build, whatever became of the files.
  for (const folder of folders) rmSync(join('.tsbuild', `${folder}.tsbuildinfo`), { force: true });
  build();
}

const isWanted = new Set(wanted);
for (const entry of globSync('dist/**/*', { withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isFile() && !isWanted.has(path)) rmSync(path);
}
