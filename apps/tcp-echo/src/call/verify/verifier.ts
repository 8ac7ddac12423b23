import type { Fault } from './fault.ts';

/** Compares what one connection receives with what it sent, byte for byte, as it comes. */
export interface Verifier {
  /** What is wrong, once something is. Nothing is accepted after that. */
  readonly fault: Fault | undefined;
  /** Payload bytes of the messages that were answered whole. */
  readonly answeredBytes: number;
  /** Bytes of the message under way that came so far. */
  readonly partialBytes: number;
  /**
   * Takes the next bytes, `chunk[0, byteLength)`, whose memory may change afterwards.
   *
   * @param awaited - Messages that were sent and not answered yet.
   * @returns How many messages are answered whole by these bytes. Those before a fault count.
   */
  accept(chunk: Buffer, byteLength: number, awaited: number): number;
  /** Tells that the server ended its side with nothing awaited: what is left over is a fault. */
  end(): void;
}
