import type { Datagram, Channel, Session } from './session.ts';

/** Takes every datagram and answers none. Source: RFC 863. */
export function discard<Received extends Datagram>(channel: Channel<Received>): Session<Received> {
  return {
    receive: (datagram) => channel.take(datagram),
    close: () => undefined,
  };
}
