import { formatIpv4, formatIpv6 } from '@socklab/service';
import { crc32c } from './crc32c.ts';
import { ProxyHeaderError, malformed } from './proxy-header.ts';
import type { ProxyAddress, ProxyHeader } from './proxy-header.ts';

/** The 12 bytes that begin a version 2 header: `\r\n\r\n\0\r\nQUIT\n`. */
export const V2_SIGNATURE: Uint8Array = Uint8Array.of(0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a);
/** Bytes needed before the length of the header is known. */
export const V2_FIXED_BYTES = 16;
/** Longest body: addresses take up to 216 bytes, certificates and the like are in TLVs. */
export const MAX_V2_DECLARED_BYTES = 4096;

const LOCAL = 0;
const PROXY = 1;
// Families; UNSPEC is also a protocol, beside 1 (STREAM) and 2 (DGRAM).
const UNSPEC = 0;
const INET = 1;
const INET6 = 2;
const UNIX = 3;
const DGRAM = 2;
const ADDRESS_BYTES: Readonly<Record<number, number>> = { [INET]: 12, [INET6]: 36, [UNIX]: 216 };
const TLV_HEADER_BYTES = 3;
const TLV_CRC32C = 0x03;
const CRC32C_BYTES = 4;

/**
 * Finds the end of a version 2 header, and checks its fixed bytes as far as they go.
 * @returns The offset after it; undefined while its first 16 bytes are incomplete.
 * @throws ProxyHeaderError when it is not one, or declares more than 4096 bytes.
 */
export function v2End(bytes: Uint8Array): number | undefined {
  if (bytes.length > 12) checkCommand(bytes);
  if (bytes.length > 13 && commandOf(bytes) === PROXY) checkFamily(bytes);
  if (bytes.length < V2_FIXED_BYTES) return undefined;
  const declared = viewOf(bytes).getUint16(14);
  if (declared <= MAX_V2_DECLARED_BYTES) return V2_FIXED_BYTES + declared;
  throw new ProxyHeaderError('PROXY_ERR_TOO_LONG', `PROXY header of version 2: declares ${declared} bytes, limit ${MAX_V2_DECLARED_BYTES}`);
}

function checkCommand(bytes: Uint8Array): void {
  const version = (bytes[12] ?? 0) >>> 4;
  if (version !== 2) throw malformed(`PROXY header: version ${version}; allowed: 1 and 2`);
  const command = commandOf(bytes);
  if (command > PROXY) throw malformed(`PROXY header of version 2: command ${command}; allowed: ${LOCAL} and ${PROXY}`);
}

function checkFamily(bytes: Uint8Array): void {
  const { family, protocol } = familyOf(bytes);
  if (family > UNIX) throw malformed(`PROXY header of version 2: address family ${family}; allowed: 0 to ${UNIX}`);
  if (protocol > DGRAM) throw malformed(`PROXY header of version 2: protocol ${protocol}; allowed: 0 to ${DGRAM}`);
}

function commandOf(bytes: Uint8Array): number {
  return (bytes[12] ?? 0) & 0xf;
}

function familyOf(bytes: Uint8Array): { readonly family: number; readonly protocol: number } {
  const byte = bytes[13] ?? 0;
  return { family: byte >>> 4, protocol: byte & 0xf };
}

/**
 * Reads a version 2 header.
 *
 *      0           12        13        14       16
 *      +-----------+---------+---------+--------+-----------+---------------------+
 *      | signature | 2 : cmd | fam : pr| n: u16 | addresses | TLVs: type, u16, …  |    n counts what follows it
 *      +-----------+---------+---------+--------+-----------+---------------------+
 *
 * TLVs are skipped, but their lengths must fit, and a checksum among them must match. The body of `local`, or of
 * an unknown family or protocol, is skipped, as the specification requires.
 *
 * @param header - Complete, as found by {@link v2End}.
 * @throws ProxyHeaderError `PROXY_ERR_MALFORMED` or `PROXY_ERR_CHECKSUM`.
 */
export function parseV2(header: Uint8Array): ProxyHeader {
  const command = commandOf(header) === LOCAL ? 'local' : 'proxy';
  const unknown: ProxyHeader = { version: 2, command, source: undefined, destination: undefined };
  const { family, protocol } = familyOf(header);
  if (command === 'local' || family === UNSPEC || protocol === UNSPEC) return unknown;
  checkBlock(header, ADDRESS_BYTES[family] ?? 0);
  return { ...unknown, ...readAddresses(header, family) };
}

function checkBlock(header: Uint8Array, addressBytes: number): void {
  const declared = header.length - V2_FIXED_BYTES;
  if (declared < addressBytes) {
    throw malformed(`PROXY header of version 2: declares ${declared} bytes, its addresses alone take ${addressBytes}`);
  }
  checkTlvs(header, V2_FIXED_BYTES + addressBytes);
}

function checkTlvs(header: Uint8Array, start: number): void {
  const view = viewOf(header);
  for (let offset = start; offset < header.length;) {
    const value = offset + TLV_HEADER_BYTES;
    const end = value > header.length ? Number.POSITIVE_INFINITY : value + view.getUint16(offset + 1);
    if (end > header.length) throw malformed(`PROXY header of version 2: the TLV at byte ${offset} ends outside of the header`);
    if (header[offset] === TLV_CRC32C) checkChecksum(header, value, end);
    offset = end;
  }
}

function checkChecksum(header: Uint8Array, start: number, end: number): void {
  if (end - start !== CRC32C_BYTES) throw malformed(`PROXY header of version 2: a CRC32c of ${end - start} bytes, it has ${CRC32C_BYTES}`);
  // The checksum is that of the header with zeros in its place. The caller's bytes are not changed.
  const zeroed = Uint8Array.from(header).fill(0, start, end);
  const given = viewOf(header).getUint32(start);
  const right = crc32c(zeroed);
  if (given !== right)
    throw new ProxyHeaderError('PROXY_ERR_CHECKSUM', `PROXY header of version 2: CRC32c ${hex(given)}, its bytes have ${hex(right)}`);
}

function readAddresses(header: Uint8Array, family: number): Pick<ProxyHeader, 'source' | 'destination'> {
  const view = viewOf(header);
  if (family === INET) return addressPair(view, 4, (offset) => formatIpv4(view.getUint32(offset)));
  if (family === INET6) return addressPair(view, 16, (offset) => formatIpv6(groupsAt(view, offset)));
  return { source: undefined, destination: undefined };
}

/** Source and destination address, then source and destination port. */
function addressPair(
  view: DataView,
  hostBytes: number,
  addressAt: (offset: number) => string,
): Record<'source' | 'destination', ProxyAddress> {
  const destination = V2_FIXED_BYTES + hostBytes;
  const ports = destination + hostBytes;
  return {
    source: { address: addressAt(V2_FIXED_BYTES), port: view.getUint16(ports) },
    destination: { address: addressAt(destination), port: view.getUint16(ports + 2) },
  };
}

function groupsAt(view: DataView, offset: number): number[] {
  return Array.from({ length: 8 }, (_, index) => view.getUint16(offset + index * 2));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
