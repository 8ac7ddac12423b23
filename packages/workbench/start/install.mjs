import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pnpmCommand } from './pnpm.mjs';
import { step } from './step.mjs';
import { ROOT } from './versions.mjs';

const MODULES = join(ROOT, 'node_modules');
/** Says for which lockfile everything is installed. */
const NOTE = join(MODULES, '.socklab-installed');

/**
 * Installs what the services need, and what tests need only when they ask for it or have it already: a first start is light, and a
 * start between two tests takes nothing away.
 *
 * @param isAll whether tests will run
 */
export async function install({ isAll, words }) {
  const all = isAll || hasTestNeeds();
  const wanted = `${lockfileHash()} ${all ? 'all' : 'light'}`;
  if (read(NOTE) === wanted) return;
  await step({
    command: pnpmCommand(['install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only', ...(all ? [] : ['--prod'])]),
    // The versions in the lockfile have been checked where they were chosen and by CI; to ask for the age of each takes longer than to install them.
    env: {
      ...process.env,
      ...(all ? {} : { pnpm_config_minimum_release_age: '0' }),
      pnpm_config_update_notifier: 'false',
      pnpm_config_confirm_modules_purge: 'false',
    },
    title: all ? words.installAll : words.install,
    done: (ms) => words.installed(ms, megabytes(MODULES)),
    hints: words.installHints,
    quietMs: 0,
  });
  writeFileSync(NOTE, wanted);
}

/** Whether what is installed includes what only tests need. */
function hasTestNeeds() {
  try {
    return JSON.parse(read(join(MODULES, '.modules.yaml'))).included.devDependencies === true;
  } catch {
    return false;
  }
}

function lockfileHash() {
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json']) hash.update(readFileSync(join(ROOT, file)));
  return hash.update(`${process.platform} ${process.arch}`).digest('hex');
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Size of a folder; links are not followed, and one file under two names counts once. */
function megabytes(folder) {
  const seen = new Set();
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const { ino, size } = lstatSync(join(entry.parentPath ?? entry.path, entry.name));
    if (!seen.has(ino)) bytes += size;
    seen.add(ino);
  }
  return Math.round(bytes / 1e6);
}
