// The versions that this repository installs with and runs on. Written for old versions of Node.js too: they must be able to report that
// they are too old.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The oldest Node.js that starts the installation. The services run on the installed one. */
const OLDEST_TO_START = [20, 0];
/** The oldest for the services where none is installed: on Windows, and on Linux without glibc. */
const OLDEST_TO_RUN = [22, 12];

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** @returns a line that says why the running Node.js is unsuitable, `undefined` when it is not. */
export function tooOld(version = process.versions.node) {
  if (isAtLeast(version, OLDEST_TO_START)) return undefined;
  return `socklab needs Node.js ${OLDEST_TO_START[0]} or newer to start, this is ${version}: https://nodejs.org/en/download`;
}

/** The pnpm of this repository, as npm takes it: `pnpm@1.2.3`. */
export function packageManager() {
  return JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')).packageManager;
}

/**
 * The Node.js for the services: the one installed with them, else this one.
 *
 * @throws Error where there is no such one, and this one is too old.
 */
export function nodeToRun() {
  const brought = `${ROOT}node_modules/.bin/node`;
  // A binary for another C library exists but does not run.
  if (process.platform !== 'win32' && spawnSync(brought, ['--version']).status === 0)
    return { command: brought, flags: ['--disable-sigusr1'] };
  if (isAtLeast(process.versions.node, OLDEST_TO_RUN)) return { command: process.execPath, flags: [] };
  throw new Error(
    `no Node.js for ${process.platform} ${process.arch} comes with socklab: it needs ${OLDEST_TO_RUN.join('.')} or newer here, this is ${process.versions.node}`,
  );
}

function isAtLeast(version, [major, minor]) {
  const [thisMajor, thisMinor] = version.split('.').map(Number);
  return thisMajor > major || (thisMajor === major && thisMinor >= minor);
}
