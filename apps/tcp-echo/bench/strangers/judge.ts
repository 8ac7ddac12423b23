// Why a connection may get less than was due.
import type { ClosedLine } from './server-log.ts';
import type { Ending } from './wires.ts';

/** What a server may have cut anybody for: those who were too slow on this machine, or held too much. */
const LIMITS = ['slow-reader', 'frame-timeout', 'memory-limit'];
/** What else it may have cut them for, by how they end. */
const OWN_FAULTS: Readonly<Partial<Record<Ending, readonly string[]>>> = {
  throws: ['session-error'],
  'throws-halfway': ['session-error'],
};

/** Whether the server may end a connection like that: for a limit, or for the fault that its client sent. */
export function isAllowed({ reason, code }: ClosedLine, ending: Ending): boolean {
  // A handshake has a time too.
  return LIMITS.includes(reason) || (reason === 'tls-error' && code === 'ETIMEDOUT') || (OWN_FAULTS[ending] ?? []).includes(reason);
}
