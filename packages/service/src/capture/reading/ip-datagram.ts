import { ByteView } from './byte-view.ts';
import { ipStart } from './link.ts';

/** What IP says of a packet. */
export interface IpDatagram {
  readonly protocol: number;
  readonly hosts: readonly [string, string];
  readonly start: number;
  /** Where the packet ends: Ethernet fills short ones up. */
  readonly end: number;
}

/** Why a packet is none that is read. */
export type NoDatagram = 'fragments of IP packets' | 'cut before the end of a header' | 'of a link type that is not read';

/** Headers that may stand between those of IPv6 and TCP: hop-by-hop, routing, destination options. */
const EXTENSIONS = [0, 43, 60];
const FRAGMENT = 44;

/** What IP says of a packet, or why it is not read. Sources: RFC 791, RFC 8200. */
export function ipDatagramOf(bytes: Uint8Array, linkType: number): IpDatagram | NoDatagram | 'not IP' {
  const start = ipStart(bytes, linkType);
  if (start === undefined) return 'of a link type that is not read';
  if (start < 0) return 'not IP';
  const view = new ByteView(bytes, false);
  return (bytes[start] ?? 0) >> 4 === 6 ? ipv6(view, start) : ipv4(view, start);
}

function ipv4(view: ByteView, start: number): IpDatagram | NoDatagram | 'not IP' {
  const { bytes } = view;
  if (start + 20 > bytes.length) return 'cut before the end of a header';
  if (bytes[start]! >> 4 !== 4) return 'not IP';
  // Another fragment follows, or came before.
  if ((view.u16(start + 6) & 0x3f_ff) !== 0) return 'fragments of IP packets';
  const totalBytes = view.u16(start + 2);
  const host = (at: number): string => bytes.subarray(at, at + 4).join('.');
  return {
    protocol: bytes[start + 9]!,
    hosts: [host(start + 12), host(start + 16)],
    start: start + (bytes[start]! & 0x0f) * 4,
    end: endOf(start + totalBytes, totalBytes, bytes.length),
  };
}

function ipv6(view: ByteView, start: number): IpDatagram | NoDatagram {
  const { bytes } = view;
  if (start + 40 > bytes.length) return 'cut before the end of a header';
  const payloadBytes = view.u16(start + 4);
  let protocol = bytes[start + 6]!;
  let at = start + 40;
  while (EXTENSIONS.includes(protocol) && at + 8 <= bytes.length) {
    protocol = bytes[at]!;
    at += (bytes[at + 1]! + 1) * 8;
  }
  if (protocol === FRAGMENT) return 'fragments of IP packets';
  const end = endOf(start + 40 + payloadBytes, payloadBytes, bytes.length);
  return { protocol, hosts: [ipv6Text(view, start + 8), ipv6Text(view, start + 24)], start: at, end };
}

/** A length of 0 stands for more than 65,535 bytes, which network cards cut up later. */
function endOf(declaredEnd: number, declaredBytes: number, capturedBytes: number): number {
  return declaredBytes === 0 ? capturedBytes : Math.min(declaredEnd, capturedBytes);
}

/** An address as RFC 5952 writes it; one of IPv4 as IPv4 writes it. */
function ipv6Text(view: ByteView, at: number): string {
  const groups = Array.from({ length: 8 }, (_, index) => view.u16(at + index * 2));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xff_ff) return view.bytes.subarray(at + 12, at + 16).join('.');
  const text = groups.map((group) => group.toString(16)).join(':');
  const runs = text.match(/(?<=^|:)0(?::0)+(?=$|:)/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return text;
  const [before, after] = [text.slice(0, indexOfRun(text, longest)), text.slice(indexOfRun(text, longest) + longest.length)];
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`;
}

/** Where the run stands between colons, not inside of a group. */
function indexOfRun(text: string, run: string): number {
  return `:${text}:`.indexOf(`:${run}:`);
}
