import type { Datagram, Exchange, Session } from './session.ts';

/** Takes every datagram and says nothing. Source: RFC 863. */
export function discard<Received extends Datagram>(exchange: Exchange<Received>): Session<Received> {
  return {
    receive: (datagram) => exchange.take(datagram),
    close: () => undefined,
  };
}
