import { ack } from './ack.ts';
import { discard } from './discard.ts';
import { echo } from './echo.ts';
import { greet } from './greet.ts';
import { operator } from './operator.ts';
import type { DatagramFraming } from '../datagram-framing.ts';
import type { CommandConsole } from '../operator/console.ts';
import type { PeerLimits } from './known-peers.ts';
import type { Datagram, Channel, Session } from './session.ts';

/** Options of all sessions; each takes what it needs. */
export interface SessionOptions {
  readonly reply: string;
  readonly quit: string;
  readonly peers: PeerLimits;
  readonly framing: DatagramFraming | undefined;
  readonly console: CommandConsole | undefined;
}

type SessionFactory = <Received extends Datagram>(channel: Channel<Received>, options: SessionOptions) => Session<Received>;

/** The values of `--session`. */
export type SessionName = 'echo' | 'ack' | 'greet' | 'operator' | 'discard';

/** The sessions by name. */
export const SESSIONS: Readonly<Record<SessionName, SessionFactory>> = {
  echo: (channel) => echo(channel),
  ack: (channel, { framing }) => ack(channel, framing),
  greet: (channel, { reply, framing }) => greet(channel, { reply, framing }),
  operator: (channel, { console, ...options }) => {
    if (console === undefined) throw new TypeError('the operator session needs a console');
    return operator(channel, { ...options, console });
  },
  discard: (channel) => discard(channel),
};
