import { startChild } from './child.ts';
import { servicesToRun } from './services.ts';
import { WORDS } from './words.ts';
import type { Child, ChildExit, ChildOptions } from './child.ts';
import type { ServiceSpec } from './services.ts';
import type { StopReason } from './stop-requests.ts';
import type { Language, Words } from './words.ts';

/** How long the services may take to end before they are killed, in milliseconds: more than their own drain timeout. */
const STOP_TIMEOUT_MS = 15_000;
/** After this time without output, in milliseconds, a notice is shown. */
const PATIENCE_MS = 1000;
const DEFAULT_COLUMNS = 80;

/** What the workbench uses of its process. */
export interface WorkbenchOptions extends ChildOptions {
  readonly language: Language;
  /** Print what the sockets did in each experiment, not only the answers. */
  readonly isDetailed: boolean;
  /** Width of the terminal, in characters. @defaultValue 80 */
  readonly columns?: number | undefined;
  readonly write: (text: string) => void;
  /** Calls back for each request to stop: the first drains, the second ends now. */
  readonly onStop: (stop: (reason: StopReason) => void) => void;
}

interface RunState {
  readonly children: Child[];
  readonly words: Words;
  readonly write: (text: string) => void;
  /** The first request to stop; undefined before it. */
  reason: StopReason | undefined;
}

/** Starts the services one after the other, prints their addresses, and runs until a signal. Resolves with the exit code. */
export async function runWorkbench(options: WorkbenchOptions): Promise<number> {
  const { language, columns = DEFAULT_COLUMNS, write } = options;
  const around: RunState = { children: [], words: WORDS[language], write, reason: undefined };
  const { children, words } = around;
  options.onStop((reason) => {
    if (around.reason === undefined) write(`\n${words.stopping(reason)}\n`);
    around.reason ??= reason;
    for (const child of children) child.stop(reason);
  });
  const lines: string[] = [];
  for (const spec of servicesToRun(options)) {
    if (around.reason !== undefined) break;
    const child = startChild(spec, options);
    children.push(child);
    const patience = setTimeout(() => write(`${words.starting(spec.app)}\n`), PATIENCE_MS);
    const endpoints = await child.ready;
    clearTimeout(patience);
    if (endpoints === undefined && around.reason === undefined) return failedStart(await child.exited, spec, around);
    for (const endpoint of endpoints ?? []) lines.push(lineOf(spec.app, endpoint, spec.tryIt(endpoint, words), columns));
  }
  if (around.reason === undefined) write(`\n${lines.join('\n')}\n  ${words.howToStop(children.length)}\n`);
  return untilEnded(around);
}

/** The hint goes below when there is no room beside. */
function lineOf(app: string, endpoint: string, tryIt: string, columns: number): string {
  const where = `  ${app.padEnd(12)}${endpoint}`;
  const line = `${where.padEnd(38)}${tryIt}`;
  return line.length < columns ? line : `${where}\n    ${tryIt}`;
}

async function failedStart({ app, code }: ChildExit, { moveWith }: ServiceSpec, { children, words, write }: RunState): Promise<number> {
  write(`\n${words.notStarted(app, code, moveWith)}\n`);
  await stopAll(children);
  return code === 0 ? 1 : code;
}

/** Stays up as long as every service does. */
async function untilEnded(around: RunState): Promise<number> {
  const { children, words, write } = around;
  const first = await Promise.race(children.map(({ exited }) => exited));
  const wasAsked = around.reason !== undefined;
  if (!wasAsked) write(`\n${words.endedByItself(first.app, first.code)}\n`);
  const exits = await stopAll(children, !wasAsked);
  const worst = Math.max(...exits.map(({ code }) => code));
  return wasAsked ? worst : Math.max(worst, 1);
}

async function stopAll(children: readonly Child[], ask = true): Promise<readonly ChildExit[]> {
  if (ask) for (const child of children) child.stop('SIGTERM');
  const deadline = setTimeout(() => {
    for (const child of children) child.kill();
  }, STOP_TIMEOUT_MS);
  const exits = await Promise.all(children.map(({ exited }) => exited));
  clearTimeout(deadline);
  return exits;
}
