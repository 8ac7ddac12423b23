// `npm start`: checks the ports, installs what is missing, builds the page, and hands over to src/run.ts. Runs on the installed
// Node.js, on every platform, before anything is installed: it must not import a package.

import { readFlags } from './flags.mjs';
import { install } from './install.mjs';
import { findPorts, PortTakenError } from './ports.mjs';
import { step, StepError } from './step.mjs';
import { nodeToRun, tooOld } from './versions.mjs';
import { WORDS } from './words.mjs';

/** The page of the lab, by vite. */
const PAGE = ['node_modules/vite/bin/vite.js', 'build', '--config', 'apps/sticky-lab/vite.config.ts', '--logLevel', 'warn'];
const USAGE = 2;
const ADDRESS_IN_USE = 69;

// An old Node.js starts a debugger on SIGUSR1 unless there is a listener.
if (process.platform !== 'win32') process.on('SIGUSR1', () => undefined);
process.exitCode = await start(process.argv.slice(2));

async function start(argv) {
  const flags = readFlags(argv, process.env);
  const words = WORDS[flags.language];
  const old = tooOld();
  if (old !== undefined) return fail(old, 1);
  if (flags.unknown !== undefined) return fail(words.unknown(flags.unknown), USAGE);
  if (flags.isHelp) return help(words);
  try {
    const { variables, lines } = await findPorts({ env: process.env, words });
    for (const line of lines) process.stdout.write(`${line}\n`);
    await install({ isAll: false, words });
    const node = nodeToRun();
    await step({ command: [node.command, ...PAGE], title: words.page, done: words.pageBuilt });
    return await hand({ node, flags, variables });
  } catch (error) {
    if (error instanceof PortTakenError) return fail(error.message, ADDRESS_IN_USE);
    if (error instanceof StepError) return fail(`npm start: ${error.message}`, 1);
    throw error;
  }
}

/** The rest is TypeScript, which the now installed tsx runs on any Node.js. */
async function hand({ node, flags, variables }) {
  const { register } = await import('tsx/esm/api');
  register();
  const { run } = await import('../src/run.ts');
  return run({ node, language: flags.language, isDetailed: flags.isDetailed, env: { ...process.env, ...variables } });
}

function help({ usage }) {
  process.stdout.write(usage);
  return 0;
}

function fail(line, code) {
  process.stderr.write(`${line}\n`);
  return code;
}
