import { spawnSync } from 'node:child_process';
import { ROOT } from './versions.mjs';

/** The age from which pnpm trusts a version, in seconds: a malicious one is mostly found and withdrawn within a day. */
const TRUSTED_AFTER_S = 24 * 60 * 60;

/**
 * Whether every version in the lockfile is older than a day because the lockfile itself is: a version must be published before it
 * can be locked. pnpm would instead ask the registry for each date, which takes longer than the installation.
 *
 * @returns false when git does not know, or the file has changed since
 */
export function isLockfileTrusted(folder = ROOT, now = Date.now()) {
  const git = (...words) => spawnSync('git', words, { cwd: folder, encoding: 'utf8' });
  const changed = git('status', '--porcelain', '--', 'pnpm-lock.yaml');
  if (changed.status !== 0 || changed.stdout !== '') return false;
  const committed = Number.parseInt(git('log', '-1', '--format=%ct', '--', 'pnpm-lock.yaml').stdout, 10);
  return now / 1000 - committed > TRUSTED_AFTER_S;
}
