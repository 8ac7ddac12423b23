/**
 * Keeps SIGUSR1 from starting Node's debugger, which lets anyone who reaches 127.0.0.1:9229 run code in this process. A
 * listener replaces Node's own; the signal then does nothing.
 *
 * Until this is called the flag {@link NO_DEBUGGER_FLAG} protects: the signal then ends the process.
 */
export function ignoreDebuggerSignal(): void {
  process.on('SIGUSR1', () => undefined);
}

const NO_DEBUGGER_FLAG = '--disable-sigusr1';

/** The flags that do the same from the start of a process; none where Node.js is too old to have them. */
export function noDebuggerFlags(): readonly string[] {
  return process.allowedNodeEnvironmentFlags.has(NO_DEBUGGER_FLAG) ? [NO_DEBUGGER_FLAG] : [];
}
