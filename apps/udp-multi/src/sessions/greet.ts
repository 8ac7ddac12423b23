import { printable } from '@socklab/service';
import { peerName } from '../peers.ts';
import type { DatagramFraming } from '../datagram-framing.ts';
import type { Datagram, Exchange, Session } from './session.ts';

/** Options of {@link greet}. */
export interface GreetOptions {
  /** What every datagram is answered with. It may be longer than the datagram was, where the exchange allows it. */
  readonly reply: string;
  /** Frames the answer. */
  readonly framing?: DatagramFraming | undefined;
}

/** Longest text in the log, in bytes. */
const MAX_LOGGED_BYTES = 1024;

/** Logs what each datagram says and answers all with the same words. */
export function greet<Received extends Datagram>(exchange: Exchange<Received>, { reply, framing }: GreetOptions): Session<Received> {
  const text = Buffer.from(reply);
  const payload = framing === undefined ? text : framing.join([text]);
  return {
    receive(datagram) {
      const { payload: said, peer, messages } = datagram;
      const about = { peer: peerName(peer), bytes: said.length, ...(messages === undefined ? {} : { messages: messages.length }) };
      const heard =
        messages === undefined ? said : Buffer.concat(messages.flatMap((message, index) => (index === 0 ? message : [SPACE, message])));
      exchange.log.info({ ...about, text: printable(heard, MAX_LOGGED_BYTES) }, 'datagram');
      exchange.reply(datagram, payload);
    },
    close: () => undefined,
  };
}

const SPACE = Buffer.from(' ');
