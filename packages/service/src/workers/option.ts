import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { option } from '../options/option.ts';
import type { Option } from 'commander';

/** The values of {@link workersOption}. */
export interface WorkersFlags {
  readonly workers: number;
}

// More than any machine has processors; a typo must not start thousands of processes.
const MAX_WORKERS = 256;

/** `--workers N|auto`, 1 unless given. */
export function workersOption(appName: string): Option {
  return option<number>(appName, '--workers <n>', 'processes that share the port, or auto: one for each processor', {
    default: 1,
    parse: parseWorkers,
  });
}

/**
 * Reads what `--workers` takes: a whole number from 1 to 256, or `auto`.
 * @throws InvalidArgumentError for anything else.
 */
export function parseWorkers(text: string): number {
  if (text === 'auto') return Math.min(availableParallelism(), MAX_WORKERS);
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MAX_WORKERS) return count;
  throw new InvalidArgumentError(
    `${JSON.stringify(text)} is not a number of workers: give a whole number from 1 to ${MAX_WORKERS}, or auto.`,
  );
}
