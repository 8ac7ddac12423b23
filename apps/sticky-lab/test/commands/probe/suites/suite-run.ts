import { join } from 'node:path';
import { repoRoot, startCommand } from '@socklab/testkit';
import { CAMPAIGN_MS } from '../probe-run.ts';
import type { ProgramExit } from '@socklab/testkit';

/** The command that a suite of another language starts, from the sources: what npx would fetch. */
export const PROBE_COMMAND = [process.execPath, '--conditions=@socklab/source', join(repoRoot, 'apps/sticky-lab/src/probe-main.ts')].join(
  ' ',
);

/** Where the helpers are. */
export const SUITES: string = join(repoRoot, 'packages/probe/suites');

/** A server that is wrong where a character is cut, as with `--plan at:1`, and right elsewhere, as with `--plan at:2`. */
export const SERVER: string = `python3 ${join(repoRoot, 'packages/probe/gallery/text_per_chunk.py')} {port}`;

/** Runs a suite in its folder to its end. */
export async function runSuite(words: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<ProgramExit> {
  await using suite = startCommand(words, { cwd, env, stdin: 'ignore', deadlineMs: CAMPAIGN_MS });
  return await suite.exit();
}
