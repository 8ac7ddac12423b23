/**
 * Keeps SIGUSR1 from starting Node's debugger, by which whoever reaches 127.0.0.1:9229 runs code in this process. A listener
 * takes the place of the one of Node.js; the signal then does nothing.
 *
 * Before this is called the flag {@link NO_DEBUGGER_FLAG} does the same: then the signal ends the process.
 */
export function ignoreDebuggerSignal(): void {
  process.on('SIGUSR1', () => undefined);
}

const NO_DEBUGGER_FLAG = '--disable-sigusr1';

/** The flags for a process of ours from its first moment on; none where Node.js is older than they are. */
export function noDebuggerFlags(): readonly string[] {
  return process.allowedNodeEnvironmentFlags.has(NO_DEBUGGER_FLAG) ? [NO_DEBUGGER_FLAG] : [];
}
