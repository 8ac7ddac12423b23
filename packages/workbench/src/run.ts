import { createStopRequests } from './stop-requests.ts';
import { runWorkbench } from './workbench.ts';
import type { NodeCommand } from './child.ts';
import type { Language } from './words.ts';

/** The arguments of `npm start`. */
export interface RunOptions {
  /** The Node.js for the services. */
  readonly node: NodeCommand;
  readonly language: Language;
  /** Print what the sockets did in each experiment. */
  readonly isDetailed: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Runs the workbench as this process. @returns its exit code */
export function run(options: RunOptions): Promise<number> {
  return runWorkbench({
    ...options,
    columns: process.stdout.columns,
    write: (text) => void process.stdout.write(text),
    onStop(stop) {
      const request = createStopRequests(stop, () => performance.now());
      // Without a listener SIGUSR1 starts a debugger, or ends this process if that is disabled.
      if (process.platform !== 'win32') process.on('SIGUSR1', () => undefined);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, request);
    },
  });
}
