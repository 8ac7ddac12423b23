import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { portsOf } from '@socklab/service/capture';
import { createPcapStream } from './pcap-stream.ts';
import type { OurPorts } from './our-ports.ts';
import type { Tcpdump } from './tcpdump.ts';
import type { CapturedPacket } from '@socklab/service/capture';

/** Options of {@link livePackets}. */
export interface LivePacketsOptions {
  readonly tcpdump: Tcpdump;
  readonly ours: OurPorts;
  /** Takes each packet of ours. */
  readonly write: (packet: CapturedPacket) => void;
}

/** Packets of ours, as they are captured. */
export interface LivePackets {
  /** Waits until what was sent before has been captured, and stops. Resolves with the number of packets that are missing; `undefined`: unknown. */
  stop(): Promise<number | undefined>;
}

/** The kernel hands out what it holds once a second. */
const PATIENCE_MS = 4000;
const DROPPED = /(\d+) packets? dropped by kernel/;

/** Hands out the packets of ours that tcpdump captures. */
export function livePackets({ tcpdump, ours, write }: LivePacketsOptions): LivePackets {
  const stream = createPcapStream();
  let isBroken = false;
  let onPacket: ((packet: CapturedPacket) => void) | undefined;
  const take = (chunk: Uint8Array): void => {
    for (const packet of stream.push(chunk)) {
      const ports = portsOf(packet);
      if (ports !== undefined && ours.has(ports, packet.time)) write(packet);
      onPacket?.(packet);
    }
  };
  tcpdump.output.on('data', (chunk: Uint8Array) => {
    if (isBroken) return;
    try {
      take(chunk);
    } catch {
      // A tcpdump that writes something else: what came before is kept.
      isBroken = true;
      tcpdump.stop();
    }
  });
  return {
    async stop() {
      const isCaught = await untilCaught((listener) => void (onPacket = listener), tcpdump.ended);
      tcpdump.stop();
      const dropped = DROPPED.exec(await tcpdump.ended)?.[1];
      return isCaught && !isBroken && dropped !== undefined ? Number(dropped) : undefined;
    },
  };
}

/** Sends a datagram to itself and waits until it is captured: loopback keeps the order, so all before it is captured too. */
async function untilCaught(listen: (listener: (packet: CapturedPacket) => void) => void, ended: Promise<unknown>): Promise<boolean> {
  const socket = createSocket('udp4');
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    socket.bind({ address: '127.0.0.1', port: 0 });
    await once(socket, 'listening');
    const { port } = socket.address();
    const caught = new Promise<true>((resolve) => {
      listen((packet) => {
        const found = portsOf(packet);
        if (found?.transport === 'udp' && found.ports[0] === port && found.ports[1] === port) resolve(true);
      });
    });
    const given = once(patience, 'abort').then(() => false);
    socket.send('', port, '127.0.0.1');
    return await Promise.race([caught, given, ended.then(() => false)]);
  } finally {
    socket.close();
  }
}
