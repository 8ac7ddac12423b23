import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Job, Outcome } from './job.ts';

const measure = fileURLToPath(new URL('measure.ts', import.meta.url));

/** Runs `job` in a process of its own, with the built package: what users run, and half as long to start; `undefined` when it took longer than `capMs` and was ended. */
export async function runJob(job: Job, capMs: number, nodeOptions: readonly string[] = []): Promise<Outcome | undefined> {
  const parameters = ['--expose-gc', ...nodeOptions, measure, JSON.stringify(job)];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, parameters, { timeout: capMs, killSignal: 'SIGKILL' });
    return JSON.parse(stdout) as Outcome;
  } catch (error) {
    if (error instanceof Error && 'killed' in error && error.killed === true) return undefined;
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
