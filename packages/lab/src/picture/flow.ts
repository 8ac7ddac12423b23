import type { Text } from '../text.ts';

/** A part of the bytes of a flow, by the offsets of its first byte and of the one after its last. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What happened to the bytes of a flow, `us` microseconds after the first event of the run. */
export type FlowEvent =
  /** The sender gave these bytes to its kernel, by one call or as one datagram. */
  | ({ readonly type: 'write'; readonly us: number } & ByteRange)
  /** The receiver's kernel gave it these bytes, by one read. An empty one is the end of the stream. */
  | ({ readonly type: 'read'; readonly us: number } & ByteRange)
  /** The receiver made a message of these bytes; `text` is what it took the message to be, shortened. */
  | ({ readonly type: 'message'; readonly us: number; readonly text: string } & ByteRange)
  /** The receiver could make nothing of what begins here. */
  | { readonly type: 'fault'; readonly us: number; readonly start: number; readonly reason: Text }
  /** These bytes went over the network as one segment, as a capture has it. */
  | ({ readonly type: 'segment'; readonly us: number } & ByteRange)
  /** A side was that far in connecting, as its program was told: SYN, SYN-ACK and ACK are the kernels' own business. */
  | { readonly type: 'handshake'; readonly us: number; readonly step: HandshakeStep }
  /** A proxy read these bytes from where they came, by one read. */
  | ({ readonly type: 'came'; readonly us: number } & ByteRange)
  /** A proxy sent these bytes on, by one write. */
  | ({ readonly type: 'forwarded'; readonly us: number } & ByteRange)
  /** By now the other side's program has read these bytes, by however many reads. */
  | ({ readonly type: 'confirmed'; readonly us: number } & ByteRange)
  /** One side ended: it sends no more, or it reset the connection. */
  | { readonly type: 'end'; readonly us: number; readonly side: 'sender' | 'receiver'; readonly isReset: boolean };

/** The sender called `connect`, it was told that it is connected, the receiver was given the connection. */
export type HandshakeStep = 'connect' | 'connected' | 'accepted';

/** The kernel sent these bytes in so many segments with data, by its own counter. It keeps neither times nor the places where it cut. */
export interface SegmentCount extends ByteRange {
  readonly count: number;
  readonly whyNoTimes: WhyNoTimes;
}

/** Why no capture told the segments one by one: there is no tcpdump, it may not capture, or it did not have all of them. */
export type WhyNoTimes = 'absent' | 'refused' | 'incomplete';

/** The sockets of a flow of datagrams, as people call them. */
export interface Between {
  readonly from: Text;
  readonly to: Text;
}

/** How many events there were of each kind, those that were not kept among them. The empty read that ends a stream is none. */
export type EventTotals = Readonly<Record<FlowEvent['type'], number>>;

/** Totals to begin with. */
export const NO_EVENTS: EventTotals = {
  write: 0,
  read: 0,
  message: 0,
  fault: 0,
  segment: 0,
  handshake: 0,
  came: 0,
  forwarded: 0,
  confirmed: 0,
  end: 0,
};

/**
 * One direction of a connection, or one flow of datagrams, as it happened: what the lanes of a picture show. Plain JSON.
 *
 * Offsets count the bytes that the sender wrote, in the order in which it wrote them. What a receiver reads of a stream has
 * the same offsets; a datagram that is read has those it was sent with.
 */
export interface RecordedFlow {
  /** Counts from 1 within a run. */
  readonly id: number;
  readonly label: Text;
  readonly transport: 'tcp' | 'udp';
  /** The names of both sockets, where several flows are drawn as one picture. */
  readonly between?: Between;
  /**
   * Who wrote it down: the two programs, each what it did itself, or a proxy between them or a capture of the network, which see
   * neither's calls.
   */
  readonly seenBy: 'ends' | 'proxy' | 'capture';
  /** The first bytes that were written, in hex, at most `MAX_SHOWN_BYTES`. */
  readonly hex: string;
  readonly totalBytes: number;
  /**
   * Where each message lies, as the sender meant it: its frame, header and all. At most `MAX_EVENTS`. One that was not written
   * to its end ends at `totalBytes`.
   */
  readonly messages: readonly ByteRange[];
  /** How many more messages there were. */
  readonly omittedMessages: number;
  /** In the order of time, at most `MAX_EVENTS`. */
  readonly events: readonly FlowEvent[];
  /** How many more events there were. */
  readonly omittedEvents: number;
  readonly totals: EventTotals;
  /** What the kernel counted, in the order of the bytes; empty where a capture has the segments, and where it was not asked or does not tell. */
  readonly segments: readonly SegmentCount[];
}

/** Most bytes of a flow that are kept to be shown. */
export const MAX_SHOWN_BYTES = 65_536;

/** Most events of a flow that are kept. */
export const MAX_EVENTS = 20_000;

/** Most flows that one run tells of. */
export const MAX_FLOWS = 200;

/** Most events and messages that all flows of one run keep together. */
export const MAX_RUN_EVENTS = 100_000;

/** Most bytes that all flows of one run keep together to be shown. */
export const MAX_RUN_SHOWN_BYTES = 1_048_576;
