// podman with the options it was given, as two functions.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
/** Of the output of a command that failed; a build says much before its error. */
const SHOWN_LINES = 60;
const run = promisify(execFile);

/**
 * `attempt` resolves with the exit code and the output, `call` rejects with the last of the output when the code is not 0. Both
 * reject when it takes longer than `timeoutMs`.
 *
 * @param command - ['podman', '--root', …]
 */
export function createPodman([command, ...options]) {
  async function attempt(words, { timeoutMs = 120_000 } = {}) {
    try {
      const limits = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT_BYTES };
      return { code: 0, ...(await run(command, [...options, ...words], limits)) };
    } catch (error) {
      if (typeof error.code !== 'number') throw new Error(`podman ${words.join(' ')}: not done within ${timeoutMs} ms`, { cause: error });
      return { code: error.code, stdout: error.stdout, stderr: error.stderr };
    }
  }

  async function call(words, limits) {
    const { code, stdout, stderr } = await attempt(words, limits);
    if (code === 0) return { stdout, stderr };
    const said = `${stdout}${stderr}`.trim().split('\n').slice(-SHOWN_LINES);
    throw new Error([`podman ${words.join(' ')}: exit code ${code}`, ...said].join('\n'));
  }

  return { attempt, call };
}
