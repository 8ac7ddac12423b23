// Runs a command of the repository as pnpm would, whether or not pnpm is installed:   node with-pnpm.mjs turbo run build
import { spawn } from 'node:child_process';
import { pnpmCommand } from './pnpm.mjs';
import { ROOT } from './versions.mjs';

const [name, ...words] = pnpmCommand(['exec', ...process.argv.slice(2)]);
const child = spawn(name, words, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' && name === 'npm' });
// Ctrl-C goes to both; other signals only to this one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
child.once('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
