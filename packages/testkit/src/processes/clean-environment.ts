import { join } from 'node:path';
import { repoRoot } from '../project/repo-root.ts';

// What a process needs to start and to find its files, and nothing that configures a service.
const KEPT = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'USERPROFILE'];

/** Where a Node.js process keeps the code that it compiled: a service starts from source in half the time. */
const COMPILED = join(repoRoot, 'node_modules', '.cache', 'node');

/**
 * Environment for a started process: where programs and the home folder are, `NO_COLOR=1`, `NODE_COMPILE_CACHE`, and `extra`.
 * Everything else stays out, so that a developer's own `TCP_ECHO_*` or `NODE_OPTIONS` cannot change a test.
 */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const environment: Record<string, string> = { NO_COLOR: '1', NODE_COMPILE_CACHE: COMPILED };
  for (const name of KEPT) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return { ...environment, ...extra };
}
