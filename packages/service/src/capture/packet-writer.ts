/** A packet to write. */
export interface WrittenPacket {
  /** Milliseconds since 1970, with fractions. */
  readonly time: number;
  /** What the bytes begin with: a LINKTYPE_ of tcpdump. */
  readonly linkType: number;
  readonly bytes: Uint8Array;
}

/** Writes packets into a file in the format of Wireshark. */
export interface PacketWriter {
  /** Says of the packets of a link type what they are; without it, the first packet of a link type says nothing. */
  describe(linkType: number, description: string): void;
  /** Writes one packet as a whole block. */
  packet(packet: WrittenPacket): void;
}

const SECTION = 0x0a_0d_0d_0a;
const BYTE_ORDER = 0x1a_2b_3c_4d;
const INTERFACE = 1;
const PACKET = 6;
const DESCRIPTION = 3;

/**
 * Begins a file. Each call of `write` takes whole blocks, so that the file can be read after any of them. Times are written in microseconds.
 * Source: draft-ietf-opsawg-pcapng, 4.1 to 4.3.
 */
export function packetWriter(write: (bytes: Uint8Array) => void): PacketWriter {
  write(block(SECTION, [words(BYTE_ORDER), Buffer.from([1, 0, 0, 0]), Buffer.alloc(8, 0xff)]));
  const interfaces = new Map<number, number>();
  const begin = (linkType: number, options: Buffer): number => {
    const index = interfaces.size;
    interfaces.set(linkType, index);
    write(block(INTERFACE, [words(linkType, 0), options]));
    return index;
  };
  return {
    describe: (linkType, description) => void begin(linkType, textOption(DESCRIPTION, description)),
    packet({ time, linkType, bytes }) {
      const index = interfaces.get(linkType) ?? begin(linkType, Buffer.alloc(0));
      const micros = BigInt(Math.round(time * 1000));
      const head = words(index, Number(micros >> 32n), Number(micros & 0xff_ff_ff_ffn), bytes.length, bytes.length);
      write(block(PACKET, [head, bytes]));
    },
  };
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
}

/** One option, and the end of the options. */
function textOption(code: number, text: string): Buffer {
  const value = Buffer.from(text);
  const head = Buffer.alloc(4);
  head.writeUInt16LE(code, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, padded(value), words(0)]);
}

function block(type: number, parts: readonly Uint8Array[]): Buffer {
  const body = padded(Buffer.concat(parts));
  const total = words(12 + body.length);
  return Buffer.concat([words(type), total, body, total]);
}

/** Blocks and options are filled up to a multiple of four bytes. */
function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
