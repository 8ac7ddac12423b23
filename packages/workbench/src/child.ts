import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ServiceSpec } from './services.ts';
import type { StopReason } from './stop-requests.ts';
import type { ChildProcess } from 'node:child_process';

const isWindows = process.platform === 'win32';
const ASKING: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A Node.js, and its flags. */
export interface NodeCommand {
  readonly command: string;
  readonly flags: readonly string[];
}

/** Options of {@link startChild}, besides the service. */
export interface ChildOptions {
  readonly node: NodeCommand;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How a service's process ended. */
export interface ChildExit {
  readonly app: string;
  /** Exit code; for a signal 0 when it asks for an end, else 1. */
  readonly code: number;
}

/** The process of one service. */
export interface Child {
  readonly spec: ServiceSpec;
  /** Resolves with the endpoints it listens on once it is up; `undefined` when it ended instead. */
  readonly ready: Promise<readonly string[] | undefined>;
  readonly exited: Promise<ChildExit>;
  /** Asks it to drain; the second call ends it at once. */
  stop(reason: StopReason): void;
  kill(): void;
}

/** Runs a service from its source, with the output of this process. */
export function startChild(spec: ServiceSpec, { node, env }: ChildOptions): Child {
  const folder = fileURLToPath(new URL(`../../../apps/${spec.app}/`, import.meta.url));
  const child = spawn(node.command, [...node.flags, '--import', 'tsx', '-C', '@socklab/source', 'src/main.ts', ...spec.args], {
    cwd: folder,
    env,
    // Its own process group: Ctrl-C goes to this process only, so that a service sees one signal, not two. Should
    // this process die, the closing channel tells the service to end. On Windows this would open a window.
    detached: !isWindows,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = whenExited(child, spec.app);
  return {
    spec,
    ready: Promise.race([whenReady(child), exited.then(() => undefined)]),
    exited,
    stop: (reason) => stopChild(child, reason),
    kill: () => void child.kill('SIGKILL'),
  };
}

function stopChild(child: ChildProcess, reason: StopReason): void {
  // Windows has no signals that can be handled: there the closing channel asks.
  if (isWindows) child.disconnect();
  else child.kill(reason === 'Ctrl-C' ? 'SIGINT' : reason);
}

function whenExited(child: ChildProcess, app: string): Promise<ChildExit> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ app, code: 1 }));
    child.once('exit', (code, signal) => resolve({ app, code: code ?? (signal !== null && ASKING.includes(signal) ? 0 : 1) }));
  });
}

function whenReady(child: ChildProcess): Promise<readonly string[]> {
  return new Promise((resolve) => {
    child.on('message', (message) => {
      if (isReady(message)) resolve(message.endpoints);
    });
  });
}

function isReady(message: unknown): message is { readonly endpoints: readonly string[] } {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready' && 'endpoints' in message;
}
