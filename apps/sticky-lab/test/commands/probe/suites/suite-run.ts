import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { probe, requestExchange } from '@socklab/probe';
import { listening, repoRoot, startCommand } from '@socklab/testkit';
import { CAMPAIGN_MS, lineServer } from '../probe-run.ts';
import type { ProgramExit } from '@socklab/testkit';

/** The command that a suite of another language starts, from the sources: what npx would fetch. */
export const PROBE_COMMAND = [process.execPath, '--conditions=@socklab/source', join(repoRoot, 'apps/sticky-lab/src/probe-main.ts')].join(
  ' ',
);

/** Where the helpers are. */
export const SUITES: string = join(repoRoot, 'packages/probe/suites');

/** A server that is wrong where a character is cut, as with `--plan at:1`, and right elsewhere, as with `--plan at:2`. */
export const SERVER: string = `python3 ${join(repoRoot, 'packages/probe/gallery/text_per_chunk.py')} {port}`;

/**
 * Writes two commands into a folder, `unconfirmed` and `control-failed`, which print the report of such a campaign as the probe does: to start the
 * probe for each costs a second.
 */
export async function writeOutcomes(folder: string): Promise<void> {
  await using server = await lineServer();
  const silent = createServer((socket) => socket.on('error', () => undefined));
  const exchange = requestExchange(Buffer.from('hello\n'), { framing: 'line' });
  const shared = { exchange, plans: 'at:2', pace: 'none', quietMs: 50, controlTimeoutMs: 200 };
  try {
    const reports = [
      await probe({ ...shared, target: server.target }),
      await probe({ ...shared, target: `127.0.0.1:${await listening(silent)}` }),
    ];
    for (const report of reports) {
      const command = join(folder, report.outcome);
      await writeFile(command, `#!/bin/sh\ncat <<'END'\n${JSON.stringify(report)}\nEND\n`);
      await chmod(command, 0o755);
    }
  } finally {
    silent.close();
  }
}

/**
 * Writes a command that does what npx does: it starts another one, and hands no signal on to it. That one sends SIGALRM to who has started the
 * first, and would print a report that passes, in the end.
 */
export async function writeWrapped(folder: string): Promise<void> {
  // A shell that waits for its child in the foreground hears a signal only after it, which may have begun too late to get it too.
  const inner = `trap 'echo > ended; kill $! 2>/dev/null; exit' TERM; kill -ALRM $0; sleep 25 & wait; echo '{ "outcome": "pass" }'`;
  await writeFile(join(folder, 'inner'), inner);
  await writeFile(join(folder, 'wrapped'), '#!/bin/sh\nsh -c "$(cat inner)" $PPID\ntrue\n');
  await chmod(join(folder, 'wrapped'), 0o755);
}

/** Runs a suite in its folder to its end. */
export async function runSuite(words: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<ProgramExit> {
  await using suite = startCommand(words, { cwd, env, stdin: 'ignore', deadlineMs: CAMPAIGN_MS });
  return await suite.exit();
}
