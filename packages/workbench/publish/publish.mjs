// Publishes what stage.mjs has made, where npm does not have that version yet:   node packages/workbench/publish/publish.mjs FOLDER [--dry-run]
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, ...options] = process.argv.slice(2);
const ORDER = ['framing', 'probe'];
const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

// Dependencies first.
for (const name of names.toSorted((a, b) => rank(a) - rank(b))) {
  const { name: full, version, repository } = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'));
  if (repository === undefined) throw new Error(`${full} does not say where its source is: stage it with --release`);
  if (isPublished(`${full}@${version}`)) process.stdout.write(`${full}@${version} is published already\n`);
  else execFileSync('npm', ['publish', '--access', 'public', '--provenance', ...options, join(folder, name)], { stdio: 'inherit' });
}

function rank(name) {
  return ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length;
}

function isPublished(spec) {
  try {
    return execFileSync('npm', ['view', spec, 'version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim() !== '';
  } catch (error) {
    if (/E404/.test(String(error.stderr))) return false;
    throw error;
  }
}
