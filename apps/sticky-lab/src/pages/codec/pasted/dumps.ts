import { isDump, readDump } from '../hex-dump.ts';
import { readingOf } from '../reading.ts';
import type { Reading } from '../reading.ts';
import type { Bytes } from '@socklab/framing';

const ETHERNET_BYTES = 14;
const TCPDUMP_LINE = /^\s*0x[\da-f]{4}:\s/iu;

/** A dump with offsets, by their syntax. */
export function dumpForm(text: string): readonly ['xxd' | 'od' | 'hexdump', Reading] | undefined {
  const lines = text.split(/\r\n|\r|\n/u);
  if (!isDump(lines)) return undefined;
  const first = lines.find((line) => line.trim() !== '') ?? '';
  const form = /^\s*[\da-f]+:/iu.test(first) ? 'xxd' : /^\s*\d{7}\s/u.test(first) ? 'od' : 'hexdump';
  return [form, readDump(lines)];
}

/**
 * Packets of `tcpdump -X` and `-XX`, with their summaries between them. A single packet is taken unchanged, with its headers; of several
 * the TCP payloads in the direction of the first are taken.
 */
export function tcpdumpPackets(text: string): readonly ['tcpdump', Reading, number] | undefined {
  const lines = text.split(/\r\n|\r|\n/u);
  if (!lines.some((line) => TCPDUMP_LINE.test(line))) return undefined;
  const packets: string[][] = [];
  for (const [at, line] of lines.entries()) {
    if (!TCPDUMP_LINE.test(line)) continue;
    const before = lines[at - 1];
    if (packets.length === 0 || before === undefined || !TCPDUMP_LINE.test(before) || /^\s*0x0000:/u.test(line)) packets.push([]);
    packets.at(-1)!.push(line);
  }
  const read = packets.map(readDump);
  const refused = read.find((reading) => 'refusal' in reading);
  if (refused !== undefined) return ['tcpdump', refused, 0];
  const found = read.flatMap((reading) => ('bytes' in reading ? [reading.bytes] : []));
  const [first] = found;
  if (found.length === 1 && first !== undefined) return ['tcpdump', readingOf(first), tcpOf(first)?.start ?? 0];
  return ['tcpdump', readingOf(oneWay(found)), 0];
}

function oneWay(packets: readonly Bytes[]): Bytes {
  const all = packets.map((packet) => ({ packet, tcp: tcpOf(packet) }));
  const way = all.find(({ tcp }) => tcp !== undefined && tcp.start < tcp.end)?.tcp?.way;
  const bytes = all.flatMap(({ packet, tcp }) => (tcp !== undefined && tcp.way === way ? [...packet.subarray(tcp.start, tcp.end)] : []));
  return Uint8Array.from(bytes);
}

interface TcpBytes {
  /** Addresses and ports, from and to. */
  readonly way: string;
  /** Where the TCP payload begins and ends in the packet. */
  readonly start: number;
  readonly end: number;
}

/** Where the bytes of a TCP connection are in a packet that begins with IPv4, IPv6 or Ethernet. */
export function tcpOf(packet: Bytes): TcpBytes | undefined {
  return within(packet, 0) ?? within(packet, ETHERNET_BYTES);
}

function within(packet: Bytes, ip: number): TcpBytes | undefined {
  const first = packet[ip] ?? 0;
  const word = (at: number): number => ((packet[at] ?? 0) << 8) | (packet[at + 1] ?? 0);
  const isFour = first >> 4 === 4 && packet[ip + 9] === 6;
  const isSix = first >> 4 === 6 && packet[ip + 6] === 6;
  if (!isFour && !isSix) return undefined;
  const tcp = ip + (isFour ? (first & 15) * 4 : 40);
  const end = ip + (isFour ? word(ip + 2) : 40 + word(ip + 4));
  const start = tcp + ((packet[tcp + 12] ?? 0) >> 4) * 4;
  if (start - tcp < 20 || start > end || end > packet.length) return undefined;
  const addresses = packet.subarray(ip + (isFour ? 12 : 8), ip + (isFour ? 20 : 40));
  return { way: `${[...addresses].join('.')} ${word(tcp)} ${word(tcp + 2)}`, start, end };
}
