import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Job, Outcome } from './job.ts';

const measure = fileURLToPath(new URL('measure.ts', import.meta.url));

/** Runs `job` in its own process, with the built package, as users run it and twice as fast to start; `undefined` when it was ended after `capMs`. */
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
