import { chargen } from './chargen.ts';
import { daytime } from './daytime.ts';
import { discard } from './discard.ts';
import { echo } from './echo.ts';
import { greet } from './greet.ts';
import { fillTag } from './greeting.ts';
import { operator } from './operator.ts';
import type { Operator } from '../operator/console.ts';
import type { Session } from '../session.ts';
import type { EchoOptions } from './echo.ts';
import type { Identity } from './greeting.ts';
import type { ByteCodec } from '@socklab/framing';

/** How connections are served: all at once, or one after the other in order of arrival. */
export type Mode = 'concurrent' | 'queue';

/** The command line's settings for sessions. */
export interface SessionOptions {
  readonly greeting: string;
  readonly tag: string;
  readonly identity: Identity;
  readonly now: () => Date;
  readonly quit: string;
  readonly codec: ByteCodec;
  readonly reply: EchoOptions['reply'];
  readonly chargenBytes: number;
  /** Whether the framing has message boundaries and can carry an empty message. */
  readonly keepsBoundaries: boolean;
  /** Only for the session `operator`. */
  readonly operatorConsole: Operator | undefined;
}

/** One named session. */
export interface SessionEntry {
  readonly name: string;
  readonly defaultMode: Mode;
  /** Whether it can be framed; otherwise only `raw` is allowed. */
  readonly takesFraming: boolean;
  /** Default of `--idle-timeout`, in milliseconds; 0 is forever. */
  readonly idleTimeoutMs: number;
  create(options: SessionOptions): Session;
}

const CONCURRENT = { defaultMode: 'concurrent', idleTimeoutMs: 60_000 } as const;

/** Every session, in the order of the help text. */
export const SESSIONS: readonly SessionEntry[] = [
  {
    name: 'echo',
    ...CONCURRENT,
    takesFraming: true,
    create: ({ codec, reply, tag, identity }) => echo({ codec, reply, tag: fillTag(tag, identity) }),
  },
  { name: 'greet', ...CONCURRENT, takesFraming: true, create: greet },
  {
    name: 'operator',
    // A person cannot talk to two clients in turn, and takes time to think.
    defaultMode: 'queue',
    idleTimeoutMs: 0,
    takesFraming: true,
    create({ operatorConsole, ...options }) {
      if (operatorConsole === undefined) throw new TypeError('the session operator needs a console');
      return operator({ ...options, ...operatorConsole });
    },
  },
  { name: 'discard', ...CONCURRENT, takesFraming: false, create: discard },
  { name: 'chargen', ...CONCURRENT, takesFraming: false, create: ({ chargenBytes }) => chargen({ maxBytes: chargenBytes }) },
  { name: 'daytime', ...CONCURRENT, takesFraming: false, create: daytime },
];

/** The sessions that `--session` takes. */
export const sessionNames: readonly string[] = SESSIONS.map(({ name }) => name);

/** The session of that name. */
export function sessionByName(name: string): SessionEntry {
  const entry = SESSIONS.find((session) => session.name === name);
  if (entry === undefined) throw new RangeError(`unknown session ${JSON.stringify(name)}; allowed: ${sessionNames.join(', ')}`);
  return entry;
}
