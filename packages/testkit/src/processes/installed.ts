import { spawnSync } from 'node:child_process';
import { cleanEnvironment } from './clean-environment.ts';

const known = new Map<string, string | undefined>();

/** Runs a program once to see whether it exists: its output on both streams, `undefined` when it cannot be started. */
export function introduction(command: string, argument: string): string | undefined {
  if (!known.has(command)) known.set(command, ask(command, argument));
  return known.get(command);
}

/**
 * Throws when `SOCKLAB_REQUIRE_PEERS=1` is set and something is missing: no test may be skipped then.
 * Otherwise returns `available` unchanged.
 */
export function availableOrRequired(available: boolean, what: string): boolean {
  if (!available && process.env['SOCKLAB_REQUIRE_PEERS'] === '1') {
    throw new Error(`${what} is not installed, and SOCKLAB_REQUIRE_PEERS=1 requires it`);
  }
  return available;
}

function ask(command: string, argument: string): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(command, [argument], {
    encoding: 'utf8',
    env: cleanEnvironment(),
    timeout: 10_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return error === undefined && status === 0 ? stdout + stderr : undefined;
}
