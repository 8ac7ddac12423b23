// Valid reasons for a connection to get less than it was due.
import type { ClosedLine } from './server-log.ts';
import type { Ending } from './wires.ts';

/** Limits for which a server may disconnect any client: those too slow on this machine, or holding too much. */
const LIMITS = ['slow-reader', 'frame-timeout', 'memory-limit'];
/** Further reasons, depending on how a client ends. */
const OWN_FAULTS: Readonly<Partial<Record<Ending, readonly string[]>>> = {
  throws: ['session-error'],
  'throws-halfway': ['session-error'],
};

/** Whether the server may end a connection like that: for a limit, or for a fault that its client sent. */
export function isAllowed({ reason, code }: ClosedLine, ending: Ending): boolean {
  // A handshake has a timeout too.
  return LIMITS.includes(reason) || (reason === 'tls-error' && code === 'ETIMEDOUT') || (OWN_FAULTS[ending] ?? []).includes(reason);
}
