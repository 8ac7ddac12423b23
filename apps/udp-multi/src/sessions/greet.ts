import { createLogWindow, printable } from '@socklab/service';
import { peerName } from '../peers.ts';
import type { DatagramFraming } from '../datagram-framing.ts';
import type { Datagram, Channel, Session } from './session.ts';

/** Options of {@link greet}. */
export interface GreetOptions {
  /** The answer to every datagram. It may be longer than the datagram, where the channel allows it. */
  readonly reply: string;
  /** Frames the answer. */
  readonly framing?: DatagramFraming | undefined;
}

/** Longest text in the log, in bytes. */
const MAX_LOGGED_BYTES = 1024;

/** Datagrams that are logged per second, for a reader to follow. */
const LINES = 100;
const WINDOW_MS = 1000;

/** Logs each datagram, of a flood only their number, and answers all with the same text. */
export function greet<Received extends Datagram>(channel: Channel<Received>, { reply, framing }: GreetOptions): Session<Received> {
  const text = Buffer.from(reply);
  const payload = framing === undefined ? text : framing.join([text]);
  const window = createLogWindow({
    windowMs: WINDOW_MS,
    lines: LINES,
    now: () => channel.now(),
    heldBack: (_, heldBack) => channel.log.info({ heldBack }, 'more datagrams'),
  });
  const log = ({ payload: said, peer, messages }: Received): void => {
    const heldBack = window.pass('datagram');
    if (heldBack === undefined) return;
    const about = { peer: peerName(peer), bytes: said.length, ...(messages === undefined ? {} : { messages: messages.length }) };
    const heard =
      messages === undefined ? said : Buffer.concat(messages.flatMap((message, index) => (index === 0 ? message : [SPACE, message])));
    const before = heldBack === 0 ? {} : { heldBack };
    channel.log.info({ ...about, text: printable(heard, MAX_LOGGED_BYTES), ...before }, 'datagram');
  };
  return {
    receive(datagram) {
      log(datagram);
      channel.reply(datagram, payload);
    },
    close: () => undefined,
  };
}

const SPACE = Buffer.from(' ');
