import { crc32c } from '../../src/preamble/crc32c.ts';

/** Encoders for the tests: a PROXY header as a proxy sends it, or as it must not. */

export interface V2Options {
  readonly version?: number;
  readonly command?: number;
  readonly family?: number;
  readonly protocol?: number;
  readonly addresses?: Uint8Array;
  readonly tlvs?: readonly (readonly [type: number, value: Uint8Array])[];
  /** Written in place of the true length. */
  readonly declared?: number;
  /** Adds the checksum of the header, in a TLV behind the others. */
  readonly checksum?: boolean;
}

const CHECKSUM_TYPE = 0x03;

export function v2Header(options: V2Options = {}): Uint8Array {
  const { version = 2, command = 1, family = 1, protocol = 1, addresses = v4Addresses(), tlvs = [], checksum = false } = options;
  const all = checksum ? [...tlvs, [CHECKSUM_TYPE, new Uint8Array(4)] as const] : tlvs;
  const block = Buffer.concat([addresses, ...all.map(([type, value]) => tlv(type, value))]);
  const header = Buffer.concat([Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1'), Buffer.alloc(4), block]);
  header[12] = (version << 4) | command;
  header[13] = (family << 4) | protocol;
  header.writeUInt16BE(options.declared ?? block.length, 14);
  if (checksum) header.writeUInt32BE(crc32c(header), header.length - 4);
  return header;
}

function tlv(type: number, value: Uint8Array): Uint8Array {
  return Uint8Array.of(type, value.length >> 8, value.length & 0xff, ...value);
}

/** 192.168.0.1:56324 to 192.168.0.11:443. */
export function v4Addresses(): Uint8Array {
  return Uint8Array.of(192, 168, 0, 1, 192, 168, 0, 11, 56_324 >> 8, 56_324 & 0xff, 443 >> 8, 443 & 0xff);
}

/** [2001:db8::1]:56324 to [2001:db8::b]:443. */
export function v6Addresses(): Uint8Array {
  return Uint8Array.of(...v6Host(1), ...v6Host(11), 56_324 >> 8, 56_324 & 0xff, 443 >> 8, 443 & 0xff);
}

function v6Host(last: number): number[] {
  return [0x20, 0x01, 0x0d, 0xb8, ...Array<number>(11).fill(0), last];
}

/** /run/client.sock to /run/server.sock, each in 108 bytes. */
export function unixAddresses(): Uint8Array {
  return Buffer.concat([unixPath('/run/client.sock'), unixPath('/run/server.sock')]);
}

function unixPath(text: string): Uint8Array {
  return Buffer.concat([Buffer.from(text), Buffer.alloc(108 - text.length)]);
}
