import { ACK, FIN, RST, SYN } from '../flags.ts';
import { HalfStream } from './half-stream.ts';
import type { CapturedSegment, StreamPeer } from './segment-of.ts';

/** Which end of a connection: the client is the one that connected. */
export type StreamSide = 'client' | 'server';

/** One thing that a side sent: bytes in their order, a number of bytes that the capture lacks, or its end. */
export interface StreamEvent {
  /** Milliseconds since the first packet of the stream. */
  readonly ms: number;
  readonly from: StreamSide;
  /** A view of the file. */
  readonly bytes?: Uint8Array;
  readonly missingBytes?: number;
  readonly end?: 'fin' | 'reset';
}

/** What is known of the bytes of one side. */
export interface StreamHalf extends StreamPeer {
  /** Bytes in order, those that are missing not counted. */
  readonly byteLength: number;
  readonly missingBytes: number;
  /** Bytes that came again: the first ones are taken. */
  readonly retransmittedBytes: number;
  readonly outOfOrderSegments: number;
}

/** One TCP connection of a capture. */
export interface CapturedStream {
  /** From 0 on, in the order of their first packets, as Wireshark's `tcp.stream` is. */
  readonly index: number;
  /** When it began, in milliseconds since 1970, with fractions. */
  readonly startedAt: number;
  readonly client: StreamHalf;
  readonly server: StreamHalf;
  /** Whether the capture has the beginning of the connection; where it has not, the client is the side with the higher port. */
  readonly hasBeginning: boolean;
  /** In the order in which they can be told. */
  readonly events: readonly StreamEvent[];
}

/** The segments of one connection, while they are collected. */
export class StreamBuilder {
  readonly #segments: CapturedSegment[] = [];
  readonly #first: CapturedSegment;
  /** The ends that began the connection, by their keys: what their first byte's number is. */
  readonly #halves: Map<string, HalfStream> = new Map();

  constructor(first: CapturedSegment) {
    this.#first = first;
    this.#halves.set(keyOf(first.from), new HalfStream());
    this.#halves.set(keyOf(first.to), new HalfStream());
  }

  /** Whether the segment is one of another connection between the same ends: it begins with another number. */
  isBegunAnew({ from, flags, sequence }: CapturedSegment): boolean {
    return (flags & (SYN | ACK)) === SYN && !this.#halves.get(keyOf(from))!.isSame(sequence + 1);
  }

  add(segment: CapturedSegment): void {
    const { from, flags, sequence, payload } = segment;
    this.#segments.push(segment);
    const half = this.#halves.get(keyOf(from))!;
    if ((flags & SYN) !== 0) half.begin(sequence + 1);
    if ((flags & RST) === 0) half.note(firstByte(segment), payload.length, (flags & FIN) !== 0);
  }

  build(index: number): CapturedStream {
    const { client, server, hasBeginning } = this.#sides();
    const startedAt = this.#first.time;
    const clientKey = keyOf(client);
    const halves: Record<StreamSide, HalfStream> = {
      client: this.#halves.get(clientKey)!,
      server: this.#halves.get(keyOf(server))!,
    };
    const counts = { client: { byteLength: 0, missingBytes: 0 }, server: { byteLength: 0, missingBytes: 0 } };
    const events: StreamEvent[] = [];
    for (const segment of this.#segments) {
      const from = keyOf(segment.from) === clientKey ? 'client' : 'server';
      const ms = Math.round((segment.time - startedAt) * 1000) / 1000;
      for (const told of toldBy(segment, halves[from])) {
        events.push({ ms, from, ...told });
        counts[from].byteLength += told.bytes?.length ?? 0;
        counts[from].missingBytes += told.missingBytes ?? 0;
      }
    }
    const half = (side: StreamSide, { host, port }: StreamPeer): StreamHalf => {
      const { retransmittedBytes, outOfOrderSegments } = halves[side];
      return { host, port, ...counts[side], retransmittedBytes, outOfOrderSegments };
    };
    return { index, startedAt, client: half('client', client), server: half('server', server), hasBeginning, events };
  }

  #sides(): { readonly client: StreamPeer; readonly server: StreamPeer; readonly hasBeginning: boolean } {
    const syn = this.#segments.find(({ flags }) => (flags & SYN) !== 0);
    const { from, to, flags } = syn ?? this.#first;
    const isFromClient = syn === undefined ? from.port >= to.port : (flags & ACK) === 0;
    return { client: isFromClient ? from : to, server: isFromClient ? to : from, hasBeginning: syn !== undefined };
  }
}

type Told = Omit<StreamEvent, 'ms' | 'from'>;

function toldBy(segment: CapturedSegment, half: HalfStream): readonly Told[] {
  const { flags, payload } = segment;
  if ((flags & RST) !== 0) return [{ end: 'reset' }];
  return half.take(firstByte(segment), payload, (flags & FIN) !== 0).map((told) => ('isEnd' in told ? { end: 'fin' } : told));
}

/** The sequence number of the first byte: a SYN takes one of its own. */
function firstByte({ flags, sequence }: CapturedSegment): number {
  return (flags & SYN) === 0 ? sequence : (sequence + 1) % 2 ** 32;
}

/** One end of a connection, as a key. */
export function keyOf({ host, port }: StreamPeer): string {
  return `${host} ${port}`;
}
