import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLockfileTrusted } from './lockfile-age.mjs';
import { pnpmCommand } from './pnpm.mjs';
import { step } from './step.mjs';
import { ROOT } from './versions.mjs';

const MODULES = join(ROOT, 'node_modules');
/** Records for which lockfile everything is installed. */
const NOTE = join(MODULES, '.socklab-installed');

/**
 * Installs what the services need; what only tests need is installed on request, and kept if it is there: a first start is
 * small, and a start between two test runs removes nothing.
 *
 * @param isAll whether tests will run
 */
export async function install({ isAll, words }) {
  const all = isAll || hasTestNeeds();
  const wanted = `${lockfileHash()} ${all ? 'all' : 'light'}`;
  if (read(NOTE) === wanted) return;
  await (all ? run({ all, words, check: {} }) : runLight(words));
  writeFileSync(NOTE, wanted);
}

/** The dates that pnpm checks come with 100 MB of package descriptions, which are not needed afterwards. */
async function runLight(words) {
  if (isLockfileTrusted()) return run({ all: false, words, check: { pnpm_config_trust_lockfile: 'true' } });
  const cache = mkdtempSync(join(tmpdir(), 'socklab-install-'));
  const remove = () => rmSync(cache, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    await run({ all: false, words, check: { pnpm_config_cache_dir: cache } });
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
}

/** @param check how pnpm makes sure that no version is younger than a day */
function run({ all, words, check }) {
  return step({
    command: pnpmCommand(['install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only', ...(all ? [] : ['--prod'])]),
    env: { ...process.env, ...check, pnpm_config_update_notifier: 'false', pnpm_config_confirm_modules_purge: 'false' },
    title: all ? words.installAll : words.install,
    done: (ms) => words.installed(ms, megabytes(MODULES)),
    hints: words.installHints,
    quietMs: 0,
  });
}

/** Whether the installation includes what only tests need. */
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

/** Size of a folder; links are not followed, and a file with two names counts once. */
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
