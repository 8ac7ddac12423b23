import { echo } from './echo.ts';
import { greet } from './greet.ts';
import { operator } from './operator.ts';
import type { OperatorConsole } from '@socklab/service';
import type { Datagram, Exchange, Session } from './session.ts';

/** What the sessions can be told; each takes what it needs. */
export interface SessionOptions {
  readonly reply: string;
  readonly quit: string;
  readonly console: OperatorConsole | undefined;
}

type SessionFactory = <Received extends Datagram>(exchange: Exchange<Received>, options: SessionOptions) => Session<Received>;

/** The values of `--session`. */
export type SessionName = 'echo' | 'greet' | 'operator';

/** The sessions by name. */
export const SESSIONS: Readonly<Record<SessionName, SessionFactory>> = {
  echo: (exchange) => echo(exchange),
  greet: (exchange, { reply }) => greet(exchange, { reply }),
  operator: (exchange, { console, quit }) => {
    if (console === undefined) throw new TypeError('the operator session needs a console');
    return operator(exchange, { console, quit });
  },
};
