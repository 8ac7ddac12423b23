// `pnpm --filter APP dev [...]`, in the folder of an app: runs it from source, and again after each change of its sources or of packages that it
// depends on. A command that ends by itself (`dev connect …`) runs once.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const words = process.argv.slice(2);
const [command] = words;
const isServing = command === undefined || command.startsWith('-') || command === 'serve';
const source = ['--import', 'tsx', '-C', '@socklab/source', 'src/main.ts', ...words];
// Folders, not files: editors and git replace a file, and a watcher of the old one sees no further changes.
const watch = ['--watch-preserve-output', ...['src', ...packagesOf('package.json')].map((folder) => `--watch-path=${folder}`)];
const children = [spawn(process.execPath, isServing ? [...watch, ...source] : source, { stdio: 'inherit' })];
if (isServing && existsSync('vite.config.ts')) {
  // The page: rebuilt after each change; reload the browser to see it.
  children.push(
    spawn(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--watch', '--logLevel', 'warn'], {
      stdio: ['ignore', 'inherit', 'inherit'],
    }),
  );
}
// Ctrl-C goes to all of them; other signals only to this one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => signal !== 'SIGINT' && stop(signal));
children[0].once('exit', (code) => {
  process.exitCode = code ?? 0;
  stop('SIGTERM');
});

function stop(signal) {
  for (const child of children) child.kill(signal);
}

/** The sources of the workspace packages that a manifest depends on, directly or not. */
function packagesOf(manifest, seen = new Set()) {
  for (const name of Object.keys(JSON.parse(readFileSync(manifest, 'utf8')).dependencies ?? {})) {
    const folder = `../../packages/${name.replace('@socklab/', '')}`;
    if (!name.startsWith('@socklab/') || seen.has(`${folder}/src`)) continue;
    seen.add(`${folder}/src`);
    packagesOf(`${folder}/package.json`, seen);
  }
  return [...seen];
}
