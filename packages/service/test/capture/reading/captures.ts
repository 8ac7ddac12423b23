import { packetOf } from '../../../src/capture/packet.ts';
import type { CapturedPeer } from '../../../src/capture/packet.ts';
import type { ReadCapture, StreamEvent } from '../../../src/capture/reading/index.ts';

export const CLIENT: CapturedPeer = { host: '192.0.2.7', port: 40_000 };
export const SERVER: CapturedPeer = { host: '192.0.2.1', port: 80 };

/** A segment of the client, or with `from` of the server, whose numbers do not matter but for its own. */
export function segment(
  sequence: number,
  text: string,
  { flags = 0x18, from = CLIENT }: { flags?: number; from?: CapturedPeer } = {},
): Buffer {
  const to = from === CLIENT ? SERVER : CLIENT;
  return packetOf({ from, to, sequence, acknowledged: 1, flags, payload: Buffer.from(text) });
}

/** A pcap file: a packet each millisecond. */
export function pcap(
  packets: readonly Uint8Array[],
  { linkType = 101, isLittle = true, isNano = false }: { linkType?: number; isLittle?: boolean; isNano?: boolean } = {},
): Buffer {
  const word = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    if (isLittle) bytes.writeUInt32LE(value);
    else bytes.writeUInt32BE(value);
    return bytes;
  };
  const head = [word(isNano ? 0xa1_b2_3c_4d : 0xa1_b2_c3_d4), word(isLittle ? 0x0004_0002 : 0x0002_0004), word(0), word(0)];
  const records = packets.flatMap((packet, index) => {
    const fraction = (index * 1000 + 500) * (isNano ? 1000 : 1);
    return [word(1_700_000_000), word(fraction), word(packet.length), word(packet.length), packet];
  });
  return Buffer.concat([...head, word(262_144), word(linkType), ...records]);
}

/** Events in a line each: `client hello`, `server fin`, `client lacks 3`. */
export function told({ streams }: ReadCapture): readonly (readonly string[])[] {
  return streams.map(({ events }) => events.map(line));
}

function line({ from, bytes, missingBytes, end }: StreamEvent): string {
  if (bytes !== undefined) return `${from} ${Buffer.from(bytes).toString('latin1')}`;
  return missingBytes === undefined ? `${from} ${end}` : `${from} lacks ${missingBytes}`;
}
