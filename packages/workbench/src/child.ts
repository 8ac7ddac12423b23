import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChildProcess } from 'node:child_process';
import type { ServiceSpec } from './services.ts';

/** How a service's process ended. */
export interface ChildExit {
  readonly app: string;
  /** Exit code; for a signal 0 when it was the one that asks to end, else 1. */
  readonly code: number;
}

/** The process of one service. */
export interface Child {
  readonly spec: ServiceSpec;
  /** Resolves with the endpoints it listens on once it is up; `undefined` when it ended instead. */
  readonly ready: Promise<readonly string[] | undefined>;
  readonly exited: Promise<ChildExit>;
  /** Asks it to drain; asked twice, it ends at once. */
  stop(): void;
  kill(): void;
}

/** Runs a service from its source, with the output of this process. */
export function startChild(spec: ServiceSpec): Child {
  // A debugger that this process does not start on SIGUSR1 is for none of the services either.
  const noDebugger = process.execArgv.filter((flag) => flag === '--disable-sigusr1');
  const folder = fileURLToPath(new URL(`../../../apps/${spec.app}/`, import.meta.url));
  const child = spawn(process.execPath, [...noDebugger, '--import', 'tsx', '-C', '@socklab/source', 'src/main.ts', ...spec.args], {
    cwd: folder,
    // Its own process group: Ctrl-C comes to this process alone, so that a service sees one signal, not two. Should
    // this process die, the closing channel tells the service to end.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = whenExited(child, spec.app);
  return {
    spec,
    ready: Promise.race([whenReady(child), exited.then(() => undefined)]),
    exited,
    stop: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
  };
}

function whenExited(child: ChildProcess, app: string): Promise<ChildExit> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ app, code: 1 }));
    child.once('exit', (code, signal) => resolve({ app, code: code ?? (signal === 'SIGTERM' ? 0 : 1) }));
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
