import { ack } from './ack.ts';
import { discard } from './discard.ts';
import { echo } from './echo.ts';
import { greet } from './greet.ts';
import { operator } from './operator.ts';
import type { DatagramFraming } from '../datagram-framing.ts';
import type { CommandConsole } from '../operator/console.ts';
import type { PeerLimits } from './acquaintances.ts';
import type { Datagram, Exchange, Session } from './session.ts';

/** What the sessions can be told; each takes what it needs. */
export interface SessionOptions {
  readonly reply: string;
  readonly quit: string;
  readonly peers: PeerLimits;
  readonly framing: DatagramFraming | undefined;
  readonly console: CommandConsole | undefined;
}

type SessionFactory = <Received extends Datagram>(exchange: Exchange<Received>, options: SessionOptions) => Session<Received>;

/** The values of `--session`. */
export type SessionName = 'echo' | 'ack' | 'greet' | 'operator' | 'discard';

/** The sessions by name. */
export const SESSIONS: Readonly<Record<SessionName, SessionFactory>> = {
  echo: (exchange) => echo(exchange),
  ack: (exchange, { framing }) => ack(exchange, framing),
  greet: (exchange, { reply, framing }) => greet(exchange, { reply, framing }),
  operator: (exchange, { console, ...options }) => {
    if (console === undefined) throw new TypeError('the operator session needs a console');
    return operator(exchange, { ...options, console });
  },
  discard: (exchange) => discard(exchange),
};
