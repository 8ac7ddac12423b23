import { printable } from '@socklab/service';
import { peerName } from '../peers.ts';
import type { Datagram, Exchange, Session } from './session.ts';

/** Options of {@link greet}. */
export interface GreetOptions {
  /** What every datagram is answered with. It may be longer than the datagram was. */
  readonly reply: string;
}

/** Longest text in the log, in bytes. */
const MAX_LOGGED_BYTES = 1024;

/** Logs what each datagram says and answers all with the same words. */
export function greet<Received extends Datagram>(exchange: Exchange<Received>, options: GreetOptions): Session<Received> {
  const payload = Buffer.from(options.reply);
  return {
    receive(datagram) {
      const { payload: said, peer } = datagram;
      exchange.log.info({ peer: peerName(peer), bytes: said.length, text: printable(said, MAX_LOGGED_BYTES) }, 'datagram');
      exchange.reply(datagram, payload);
    },
    close: () => undefined,
  };
}
