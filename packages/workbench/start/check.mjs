// `npm test`, once all is installed: builds, checks and tests everything, goes on after a failure, and ends with what failed.
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
// All that turbo starts is one group: npm, which stands between, passes no signal on.
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

/** Runs turbo, without the redrawing that a terminal gets. @returns whether it went well */
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
