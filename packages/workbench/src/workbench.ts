import { startChild } from './child.ts';
import { SERVICES } from './services.ts';
import type { Child, ChildExit } from './child.ts';
import type { ServiceSpec } from './services.ts';

/** How long the services may take to end before they are killed, in milliseconds: more than their own drain timeout. */
const STOP_TIMEOUT_MS = 15_000;

/** What the workbench needs of its process. */
export interface WorkbenchOptions {
  readonly write: (text: string) => void;
  /** Calls back for each request to stop: the first drains, the second ends now. */
  readonly onStop: (stop: () => void) => void;
}

/** Starts the services one after the other, tells where they are, and stays until it is told to stop. Resolves with the exit code. */
export async function runWorkbench({ write, onStop }: WorkbenchOptions): Promise<number> {
  const children: Child[] = [];
  let isStopping = false;
  onStop(() => {
    isStopping = true;
    for (const child of children) child.stop();
  });
  const lines: string[] = [];
  for (const spec of SERVICES) {
    if (isStopping) break;
    const child = startChild(spec);
    children.push(child);
    const endpoints = await child.ready;
    if (endpoints === undefined && !isStopping) return failedStart(await child.exited, spec, children, write);
    for (const endpoint of endpoints ?? []) lines.push(`  ${spec.app.padEnd(12)}${endpoint.padEnd(28)}${spec.tryIt(endpoint)}`);
  }
  if (!isStopping) write(`\n${lines.join('\n')}\n  Ctrl-C ends all ${children.length}.\n`);
  return untilEnded(children, () => isStopping, write);
}

async function failedStart(
  { app, code }: ChildExit,
  { moveWith }: ServiceSpec,
  children: readonly Child[],
  write: (text: string) => void,
): Promise<number> {
  write(`\nnpm start: ${app} did not start (exit code ${code}), see above. To move it: ${moveWith} npm start\n`);
  await stopAll(children);
  return code === 0 ? 1 : code;
}

/** Stays up as long as every service does. */
async function untilEnded(children: readonly Child[], isStopping: () => boolean, write: (text: string) => void): Promise<number> {
  const first = await Promise.race(children.map(({ exited }) => exited));
  const wasAsked = isStopping();
  if (!wasAsked) write(`\nnpm start: ${first.app} ended by itself (exit code ${first.code}); ending the others\n`);
  const exits = await stopAll(children, !wasAsked);
  const worst = Math.max(...exits.map(({ code }) => code));
  return wasAsked ? worst : Math.max(worst, 1);
}

async function stopAll(children: readonly Child[], ask = true): Promise<readonly ChildExit[]> {
  if (ask) for (const child of children) child.stop();
  const deadline = setTimeout(() => {
    for (const child of children) child.kill();
  }, STOP_TIMEOUT_MS);
  const exits = await Promise.all(children.map(({ exited }) => exited));
  clearTimeout(deadline);
  return exits;
}
