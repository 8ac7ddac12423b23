import { packetsOf } from './packets.ts';
import { segmentOf } from './segment-of.ts';
import { keyOf, StreamBuilder } from './stream.ts';
import type { CapturedSegment, NoSegment } from './segment-of.ts';
import type { CapturedStream } from './stream.ts';

/** What a capture has. */
export interface ReadCapture {
  /** Its TCP connections, in the order of their first packets. */
  readonly streams: readonly CapturedStream[];
  readonly packets: number;
  /** Packets that are no part of a stream, by the reason. */
  readonly otherPackets: Readonly<Partial<Record<NoSegment, number>>>;
  /** Whether the file ends inside of a packet, as that of a program which was killed does. */
  readonly isTorn: boolean;
}

/** Longest capture that is read, in bytes. */
export const MAX_CAPTURE_BYTES = 268_435_456;

/**
 * The TCP connections of a file that tcpdump, Wireshark or `sticky-lab record --pcapng` wrote: pcap or pcapng; Ethernet, loopback, Linux's `any` or
 * raw IP; IPv4 and IPv6. What came out of order is put in order, what came again is left out, and what the capture lacks is told as missing. It needs
 * nothing of Node.js. Bytes are views of `file`.
 *
 * Fragments of IP packets are not joined; segments in tunnels are not looked for.
 *
 * @throws RangeError for a file that is no capture, or longer than {@link MAX_CAPTURE_BYTES}.
 */
export function readCapture(file: Uint8Array): ReadCapture {
  if (file.length > MAX_CAPTURE_BYTES) throw new RangeError(`a capture of ${file.length} bytes, limit ${MAX_CAPTURE_BYTES}`);
  const { packets, isTorn } = packetsOf(file);
  const otherPackets: Partial<Record<NoSegment, number>> = {};
  const streams = new Streams();
  for (const packet of packets) {
    const segment = segmentOf(packet);
    if (typeof segment === 'string') otherPackets[segment] = (otherPackets[segment] ?? 0) + 1;
    else streams.add(segment);
  }
  return { streams: streams.build(), packets: packets.length, otherPackets, isTorn };
}

class Streams {
  readonly #all: StreamBuilder[] = [];
  /** By its two ends, the connection that was there last. */
  readonly #latest = new Map<string, StreamBuilder>();

  add(segment: CapturedSegment): void {
    const key = [keyOf(segment.from), keyOf(segment.to)].toSorted().join(' ');
    let stream = this.#latest.get(key);
    if (stream === undefined || stream.isBegunAnew(segment)) {
      stream = new StreamBuilder(segment);
      this.#all.push(stream);
      this.#latest.set(key, stream);
    }
    stream.add(segment);
  }

  build(): readonly CapturedStream[] {
    return this.#all.map((stream, index) => stream.build(index));
  }
}
