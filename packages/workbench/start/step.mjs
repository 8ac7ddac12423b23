import { spawn } from 'node:child_process';
import { ROOT } from './versions.mjs';

/** A step that takes longer than this, in milliseconds, announces itself. */
const QUIET_MS = 1000;
const KEPT_OUTPUT = 64 * 1024;

/** A step failed; its output is already shown. */
export class StepError extends Error {}

/**
 * Runs a command in the folder of the repository; its output is shown only if it fails. Ctrl-C ends both.
 *
 * @param title The line shown once it takes a second.
 * @param done Makes the final line, from its duration in milliseconds.
 * @param hints advice for a failure, by a pattern of the output
 * @param quietMs 0 for one that is known to take long
 */
export async function step({ command, title, done, env = process.env, hints = [], quietMs = QUIET_MS, out = process.stdout }) {
  const start = performance.now();
  let output = '';
  let isTold = false;
  const tell = () => {
    isTold = true;
    out.write(`${title} …\n`);
  };
  const timer = setTimeout(tell, quietMs);
  const [name, ...words] = command;
  // cmd.exe has to find npm.cmd.
  const child = spawn(name, words, {
    cwd: ROOT,
    // `npm run --silent` would also silence a failing npm below it.
    env: { ...env, npm_config_loglevel: 'error' },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32' && name === 'npm',
  });
  const collect = (text) => {
    output = (output + text).slice(-KEPT_OUTPUT);
    showProgress(out, isTold, text);
  };
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  const release = endWith(child);
  const ended = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit code ${code}`)));
  });
  release();
  clearTimeout(timer);
  // Measuring what was installed takes seconds, under the last line of its output.
  const last = ended === undefined && isTold ? `${done(performance.now() - start)}\n` : '';
  clearLine(out);
  if (ended !== undefined) {
    out.write(output);
    throw new StepError([`${title}: ${ended}`, ...hints.filter(([pattern]) => pattern.test(output)).map(([, hint]) => hint)].join('\n'));
  }
  out.write(last);
}

/** Forwards a request to end: SIGTERM reaches no child by itself. */
function endWith(child) {
  const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => {
    const handler = () => {
      child.kill(signal);
      process.exit(130);
    };
    process.once(signal, handler);
    return () => process.removeListener(signal, handler);
  });
  return () => handlers.forEach((remove) => remove());
}

/** The last line of the output, overwritten in place where possible. */
function showProgress(out, isTold, text) {
  if (!isTold || !out.isTTY) return;
  const last = text.trimEnd().split('\n').pop() ?? '';
  out.write(`\r\u001b[K  ${last.slice(0, (out.columns || 80) - 4)}`);
}

function clearLine(out) {
  if (out.isTTY) out.write('\r\u001b[K');
}
