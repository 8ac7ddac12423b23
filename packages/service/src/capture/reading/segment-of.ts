import { ByteView } from './byte-view.ts';
import { ipDatagramOf } from './ip-datagram.ts';
import type { CapturedPacket } from './captured-packet.ts';
import type { NoDatagram } from './ip-datagram.ts';

/** One end of a TCP connection, as a capture has it. */
export interface StreamPeer {
  readonly host: string;
  readonly port: number;
}

/** A TCP segment of a capture. */
export interface CapturedSegment {
  readonly time: number;
  readonly from: StreamPeer;
  readonly to: StreamPeer;
  readonly sequence: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

/** Why a packet is no segment that is read. */
export type NoSegment = 'not TCP' | NoDatagram;

const TCP = 6;

/** The TCP segment that a packet carries, or why there is none. Source: RFC 9293. */
export function segmentOf({ bytes, linkType, time }: CapturedPacket): CapturedSegment | NoSegment {
  const datagram = ipDatagramOf(bytes, linkType);
  if (datagram === 'not IP') return 'not TCP';
  if (typeof datagram === 'string') return datagram;
  const view = new ByteView(bytes, false);
  const { protocol, hosts, start: at, end } = datagram;
  if (protocol !== TCP) return 'not TCP';
  if (at + 20 > end) return 'cut before the end of a header';
  const payloadStart = at + (bytes[at + 12]! >> 4) * 4;
  if (payloadStart > end || payloadStart < at + 20) return 'cut before the end of a header';
  return {
    time,
    from: { host: hosts[0], port: view.u16(at) },
    to: { host: hosts[1], port: view.u16(at + 2) },
    sequence: view.u32(at + 4),
    flags: bytes[at + 13]!,
    payload: bytes.subarray(payloadStart, end),
  };
}
