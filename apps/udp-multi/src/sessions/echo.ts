import type { Datagram, Exchange, Session } from './session.ts';

/** Sends each datagram back as it came: never more bytes than were received. Source: RFC 862. */
export function echo<Received extends Datagram>(exchange: Exchange<Received>): Session<Received> {
  return {
    receive: (datagram) => exchange.reply(datagram, datagram.payload),
    close: () => undefined,
  };
}
