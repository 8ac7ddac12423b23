import { explain } from './failure.ts';
import { closeUdpSocket, openUdpSocket } from './udp-socket.ts';
import { wireOf } from './wire.ts';
import type { Line, LineOptions } from './line.ts';
import type { Wire } from './events.ts';

/** Sends each message as one datagram, and hears each datagram as one message. */
export async function openUdpLine(options: LineOptions): Promise<Line> {
  const { listener, address } = options;
  const socket = await openUdpSocket(options);
  const fail = (error: Error): void => listener.over(explain(error, address));
  socket.on('error', fail);
  socket.on('message', (datagram) => listener.heard({ type: 'peer' }, datagram, wireOfDatagram(datagram), null));
  let lastSend: Promise<void> = Promise.resolve();
  return {
    say(payload) {
      const { promise, resolve } = Promise.withResolvers<void>();
      lastSend = promise;
      socket.send(payload, (error) => {
        if (error !== null) fail(error);
        resolve();
      });
      return wireOfDatagram(payload);
    },
    close: () => lastSend.then(() => closeUdpSocket(socket)),
  };
}

function wireOfDatagram(datagram: Uint8Array): Wire {
  return wireOf(datagram, datagram.length, datagram.length, 0);
}
