import type { Peer } from './peers.ts';

// 65,535 of the length field (RFC 768) less the UDP header, and over IPv4 less the IP header too, which counts there.
const MAX_PAYLOAD_BYTES: Readonly<Record<Peer['family'], number>> = { IPv4: 65_507, IPv6: 65_527 };

/** Longest payload of one datagram, in bytes: 65,507 over IPv4, 65,527 over IPv6. A system may allow less. */
export function maxPayloadBytes(family: Peer['family']): number {
  return MAX_PAYLOAD_BYTES[family];
}

/** Says that a payload does not fit: what it has and what is allowed. */
export function tooLong(what: string, bytes: number, family: Peer['family']): string {
  const [seen, limit] = [bytes, maxPayloadBytes(family)].map((count) => count.toLocaleString('en'));
  return `${what} of ${seen} bytes does not fit in one datagram: at most ${limit} bytes over ${family}`;
}
