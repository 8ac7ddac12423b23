import { frame, u32le } from '@socklab/framing';
import type { CapturedPacket } from '@socklab/service/capture';

const FILE_HEADER_BYTES = 24;
/** Of a file in the order of bytes of nearly every processor, with times in microseconds: what tcpdump writes. */
const MAGIC = 0xa1_b2_c3_d4;
const MAX_PACKET_BYTES = 1_048_576;

/** Record: seconds, microseconds, bytes captured, bytes sent. Source: draft-ietf-opsawg-pcap, 5. */
const RECORD = frame({
  header: { seconds: u32le, microseconds: u32le, length: u32le, sentBytes: u32le },
  maxPayloadBytes: MAX_PACKET_BYTES,
});

/** Reads packets of a pcap file as it grows. */
export interface PcapStream {
  /**
   * The packets that the next bytes complete.
   *
   * @throws RangeError when it is no such file, FrameError when it is broken.
   */
  push(chunk: Uint8Array): readonly CapturedPacket[];
}

/** Creates a {@link PcapStream}. */
export function createPcapStream(): PcapStream {
  const decoder = RECORD.createDecoder();
  let head = Buffer.alloc(0);
  let linkType = 0;
  const records = (chunk: Uint8Array): readonly CapturedPacket[] => {
    const packets: CapturedPacket[] = [];
    decoder.push(chunk);
    for (let record = decoder.next(); record !== undefined; record = decoder.next()) {
      const { header, payload } = record;
      packets.push({ time: header.seconds * 1000 + header.microseconds / 1000, linkType, bytes: payload });
    }
    return packets;
  };
  return {
    push(chunk) {
      if (head.length === FILE_HEADER_BYTES) return records(chunk);
      const missing = FILE_HEADER_BYTES - head.length;
      head = Buffer.concat([head, chunk.subarray(0, missing)]);
      if (head.length < FILE_HEADER_BYTES) return [];
      if (head.readUInt32LE(0) !== MAGIC) throw new RangeError(`a pcap file begins with d4c3b2a1, received ${head.toString('hex', 0, 4)}`);
      linkType = head.readUInt16LE(20);
      return records(chunk.subarray(missing));
    },
  };
}
