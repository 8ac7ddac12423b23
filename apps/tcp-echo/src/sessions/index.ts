import { echo } from './echo.ts';
import { greet } from './greet.ts';
import { operator } from './operator.ts';
import type { Codec } from '@socklab/framing';
import type { OperatorConsole } from '@socklab/service';
import type { Session } from './session.ts';

/** How connections share the service: all at once, or one after the other in order of arrival. */
export type Mode = 'concurrent' | 'queue';

/** What the command line says about sessions. */
export interface SessionOptions {
  readonly greeting: string;
  readonly quit: string;
  readonly codec: Codec;
  /** Whether the framing can carry an empty message. */
  readonly canSendEmpty: boolean;
  /** The operator's console; the session `operator` needs it. */
  readonly console: OperatorConsole | undefined;
}

/** One named session. */
export interface SessionEntry {
  readonly name: string;
  readonly defaultMode: Mode;
  create(options: SessionOptions): Session;
}

/** Every session, in the order in which help shows them. */
export const SESSIONS: readonly SessionEntry[] = [
  { name: 'echo', defaultMode: 'concurrent', create: echo },
  { name: 'greet', defaultMode: 'concurrent', create: greet },
  {
    name: 'operator',
    // One person cannot talk to two clients in turn.
    defaultMode: 'queue',
    create({ console, ...options }) {
      if (console === undefined) throw new TypeError('the session operator needs a console');
      return operator({ ...options, console });
    },
  },
];

/** The sessions that `--session` takes. */
export const sessionNames: readonly string[] = SESSIONS.map(({ name }) => name);

/** The session of that name. */
export function sessionByName(name: string): SessionEntry {
  const entry = SESSIONS.find((session) => session.name === name);
  if (entry === undefined) throw new RangeError(`no session is called ${JSON.stringify(name)}, allowed are ${sessionNames.join(', ')}`);
  return entry;
}
