import type { Peer } from './peers.ts';

// 65,535 of the length field (RFC 768) minus the UDP header, and over IPv4 also minus the IP header.
const MAX_PAYLOAD_BYTES: Readonly<Record<Peer['family'], number>> = { IPv4: 65_507, IPv6: 65_527 };

/** Longest payload of one datagram, in bytes: 65,507 over IPv4, 65,527 over IPv6. A system may allow less. */
export function maxPayloadBytes(family: Peer['family']): number {
  return MAX_PAYLOAD_BYTES[family];
}

/** Text for a payload that does not fit: its length and the limit. */
export function tooLong(what: string, bytes: number, family: Peer['family']): string {
  const [seen, limit] = [bytes, maxPayloadBytes(family)].map((count) => count.toLocaleString('en'));
  return `${what} of ${seen} bytes does not fit in one datagram: at most ${limit} bytes over ${family}`;
}
