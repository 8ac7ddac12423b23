import type { Peer } from './peers.ts';

/** Up to this many bytes all of them count. */
const WHOLE_BYTES = 32;
/** Of longer payloads, bytes at each end, and as many spread evenly between. */
const EDGE_BYTES = 8;
const SPREAD_BYTES = 16;

/**
 * A 32-bit number for a payload of a peer, cheap enough for every datagram: FNV-1a over address, port, length and at most
 * 32 bytes. Equal payloads have equal digests; different ones may, so a digest only says where to look closer.
 */
export function digestOf(payload: Uint8Array, { address, port }: Pick<Peer, 'address' | 'port'>): number {
  let digest = 0x81_1c_9d_c5;
  for (let index = 0; index < address.length; index++) digest = mix(digest, address.charCodeAt(index));
  digest = mix(mix(digest, port), payload.length);
  const { length } = payload;
  if (length <= WHOLE_BYTES) return mixRange(digest, payload, 0, length);
  digest = mixRange(digest, payload, 0, EDGE_BYTES);
  const step = (length - 2 * EDGE_BYTES) / SPREAD_BYTES;
  for (let part = 0; part < SPREAD_BYTES; part++) digest = mix(digest, payload[EDGE_BYTES + Math.trunc(part * step)]!);
  return mixRange(digest, payload, length - EDGE_BYTES, length);
}

function mixRange(digest: number, payload: Uint8Array, start: number, end: number): number {
  let mixed = digest;
  for (let index = start; index < end; index++) mixed = mix(mixed, payload[index]!);
  return mixed;
}

function mix(digest: number, value: number): number {
  return Math.imul(digest ^ value, 0x01_00_01_93);
}
