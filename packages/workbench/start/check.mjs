// `npm test`, once everything is installed: builds, checks and tests everything, continues after a failure, and ends with the list of failures.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pnpmCommand } from './pnpm.mjs';
import { createTally } from './tally.mjs';
import { ROOT } from './versions.mjs';

const TESTS = ['--concurrency=2', '--continue=dependencies-successful', '//#fmt:check', '//#lint', '//#unused', 'test'];
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
const tally = createTally(performance.now());
let child;
let isStopped = false;
// Everything that turbo starts is in one process group, because npm in between forwards no signal.
const isWindows = process.platform === 'win32';
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    isStopped = true;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    if (isWindows) child.kill();
    else process.kill(-child.pid, signal);
  });
}

const isBuilt = await turbo('run', 'build');
// What does not build need not be tested.
if (isBuilt) for (const words of [['boundaries'], ['run', ...TESTS]]) if (!isStopped) await turbo(...words);
process.stdout.write(`\n${tally.end(performance.now())}\n`);
process.exitCode = isStopped || tally.hasFailed() ? 1 : 0;

/** Runs turbo, without redrawing its output. @returns whether it succeeded */
async function turbo(...words) {
  const [name, ...rest] = pnpmCommand(['exec', 'turbo', ...words]);
  child = spawn(name, rest, {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: !isWindows,
    shell: isWindows && name === 'npm',
  });
  const read = [child.stdout, child.stderr].map(async (stream) => {
    for await (const line of createInterface({ input: stream })) if (tally.read(line)) process.stdout.write(`${line}\n`);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  await Promise.all(read);
  if (code !== 0) tally.failed(`turbo ${words[0]}`);
  return code === 0;
}
