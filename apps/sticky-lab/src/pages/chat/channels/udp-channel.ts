import { sendConnected } from '@socklab/client';
import { explain } from './failure.ts';
import { openUdpSocket } from './udp-socket.ts';
import { wireOf } from './wire.ts';
import type { ChatChannel, ChatChannelOptions } from './channel.ts';
import type { Wire } from './events.ts';

/** Sends each message as one datagram, and receives each datagram as one message. */
export async function openUdpChannel(options: ChatChannelOptions): Promise<ChatChannel> {
  const { listener, address } = options;
  const socket = await openUdpSocket(options);
  const fail = (error: unknown): void => listener.over(explain(error, address));
  socket.on('error', fail);
  socket.on('message', (datagram) => listener.heard({ type: 'peer' }, datagram, wireOfDatagram(datagram), null));
  let lastSend: Promise<void> = Promise.resolve();
  return {
    say(payload) {
      lastSend = sendConnected(socket, payload).catch(fail);
      return wireOfDatagram(payload);
    },
    async close() {
      await lastSend;
      await new Promise<void>((resolve) => socket.close(resolve));
    },
  };
}

function wireOfDatagram(datagram: Uint8Array): Wire {
  return wireOf(datagram, datagram.length, datagram.length, 0);
}
