import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Runs a file of this repository in its own process, with a job as its argument in JSON.
 *
 * @returns Its output, parsed as JSON.
 */
export async function runInProcess<Sample>(file: URL, job: unknown): Promise<Sample> {
  const { stdout } = await run(process.execPath, ['--conditions=@socklab/source', file.pathname, JSON.stringify(job)]);
  return JSON.parse(stdout) as Sample;
}
