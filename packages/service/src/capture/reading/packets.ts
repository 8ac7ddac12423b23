import { ByteView } from './byte-view.ts';
import { pcapngPackets } from './pcapng-packets.ts';
import type { CapturedPacket, CapturedPackets } from './captured-packet.ts';

const PCAPNG = 0x0a_0d_0d_0a;
const MICROSECONDS = 0xa1_b2_c3_d4;
const NANOSECONDS = 0xa1_b2_3c_4d;
const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
/** The low 28 bits: the high ones tell of checksums. */
const LINK_TYPE_BITS = 0x0f_ff_ff_ff;

/**
 * The packets of a file that tcpdump or Wireshark wrote: pcap of either byte order, in micro- or nanoseconds, or pcapng. Sources:
 * draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
 *
 * @throws RangeError for a file that is neither.
 */
export function packetsOf(file: Uint8Array): CapturedPackets {
  if (file.length < FILE_HEADER_BYTES) throw new RangeError(`a capture has at least ${FILE_HEADER_BYTES} bytes, received ${file.length}`);
  for (const isLittle of [true, false]) {
    const view = new ByteView(file, isLittle);
    const magic = view.u32(0);
    if (magic === PCAPNG) return pcapngPackets(file);
    if (magic === MICROSECONDS || magic === NANOSECONDS) return pcapPackets(view, magic === NANOSECONDS ? 1e6 : 1e3);
  }
  const seen = Array.from(file.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const hint = file[0] === 0x1f && file[1] === 0x8b ? ', which is gzip: unpack it first' : '';
  throw new RangeError(`a capture is pcap or pcapng, received a file that begins with ${seen}${hint}`);
}

function pcapPackets(view: ByteView, ticksPerMs: number): CapturedPackets {
  const linkType = view.u32(20) & LINK_TYPE_BITS;
  const packets: CapturedPacket[] = [];
  let at = FILE_HEADER_BYTES;
  while (at + RECORD_HEADER_BYTES <= view.length) {
    const start = at + RECORD_HEADER_BYTES;
    const end = start + view.u32(at + 8);
    if (end > view.length) break;
    packets.push({ time: view.u32(at) * 1000 + view.u32(at + 4) / ticksPerMs, linkType, bytes: view.bytes.subarray(start, end) });
    at = end;
  }
  return { packets, isTorn: at < view.length };
}
