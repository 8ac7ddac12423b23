import { ByteView } from './byte-view.ts';
import type { CapturedPacket, CapturedPackets } from './captured-packet.ts';

const SECTION = 0x0a_0d_0d_0a;
const INTERFACE = 1;
const OLD_PACKET = 2;
const SIMPLE_PACKET = 3;
const PACKET = 6;
const BYTE_ORDER = 0x1a_2b_3c_4d;
const TIME_RESOLUTION = 9;
const TIME_OFFSET = 14;
const LEAST_BLOCK_BYTES = 12;

/** What is known of one interface of a section. */
interface Interface {
  readonly linkType: number;
  readonly ticksPerMs: number;
  readonly offsetMs: number;
  readonly snapLength: number;
}

/** The packets of a pcapng file; blocks of other kinds are passed over. */
export function pcapngPackets(file: Uint8Array): CapturedPackets {
  const packets: CapturedPacket[] = [];
  let interfaces: Interface[] = [];
  let isLittle = true;
  let at = 0;
  while (at + LEAST_BLOCK_BYTES <= file.length) {
    // Each section says its byte order, and has interfaces of its own.
    const isSection = new ByteView(file, true).u32(at) === SECTION;
    if (isSection) {
      isLittle = new ByteView(file, true).u32(at + 8) === BYTE_ORDER;
      interfaces = [];
    }
    const view = new ByteView(file, isLittle);
    const byteLength = view.u32(at + 4);
    if (byteLength < LEAST_BLOCK_BYTES || byteLength % 4 !== 0 || at + byteLength > file.length) break;
    const body = view.slice(at + 8, at + byteLength - 4);
    const type = view.u32(at);
    if (type === INTERFACE && body.length >= 8) interfaces.push(interfaceOf(body));
    const packet = isSection ? undefined : packetOf(type, body, interfaces);
    if (packet !== undefined) packets.push(packet);
    at += byteLength;
  }
  return { packets, isTorn: at < file.length };
}

function packetOf(type: number, body: ByteView, interfaces: readonly Interface[]): CapturedPacket | undefined {
  if (type === SIMPLE_PACKET) return simplePacket(body, interfaces[0]);
  if ((type !== PACKET && type !== OLD_PACKET) || body.length < 20) return undefined;
  const from = interfaces[type === PACKET ? body.u32(0) : body.u16(0)];
  if (from === undefined) return undefined;
  const ticks = body.u32(4) * 2 ** 32 + body.u32(8);
  const bytes = body.bytes.subarray(20, 20 + body.u32(12));
  return { time: from.offsetMs + ticks / from.ticksPerMs, linkType: from.linkType, bytes };
}

/** A packet without a time. */
function simplePacket(body: ByteView, from: Interface | undefined): CapturedPacket | undefined {
  if (from === undefined || body.length < 4) return undefined;
  return { time: 0, linkType: from.linkType, bytes: body.bytes.subarray(4, 4 + Math.min(body.u32(0), from.snapLength)) };
}

function interfaceOf(body: ByteView): Interface {
  let [ticksPerMs, offsetMs] = [1000, 0];
  for (let at = 8; at + 4 <= body.length;) {
    const [code, byteLength] = [body.u16(at), body.u16(at + 2)];
    const start = at + 4;
    if (code === 0 || start + byteLength > body.length) break;
    if (code === TIME_RESOLUTION && byteLength === 1) ticksPerMs = ticksOf(body.bytes[start]!);
    if (code === TIME_OFFSET && byteLength === 8) offsetMs = body.i64(start) * 1000;
    at = start + Math.ceil(byteLength / 4) * 4;
  }
  return { linkType: body.u16(0), ticksPerMs, offsetMs, snapLength: body.u32(4) || Number.POSITIVE_INFINITY };
}

/** A power of ten, or with the highest bit set of two, in one second. */
function ticksOf(resolution: number): number {
  const base = resolution >= 0x80 ? 2 : 10;
  return base ** (resolution & 0x7f) / 1000;
}
