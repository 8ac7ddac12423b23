import type { Datagram, Channel, Session } from './session.ts';

/** Sends each datagram back unchanged: never more bytes than were received. Source: RFC 862. */
export function echo<Received extends Datagram>(channel: Channel<Received>): Session<Received> {
  return {
    receive: (datagram) => channel.reply(datagram, datagram.payload),
    close: () => undefined,
  };
}
