import type { Fault } from './fault.ts';

/** Compares what one connection receives with what it sent, byte for byte, as it arrives. */
export interface Verifier {
  /** The fault, if any. Nothing is accepted after it. */
  readonly fault: Fault | undefined;
  /** Payload bytes of the completely answered messages. */
  readonly answeredBytes: number;
  /** Received bytes of the current message. */
  readonly partialBytes: number;
  /**
   * Takes the next bytes, `chunk[0, byteLength)`, whose memory may change after the call.
   *
   * @param awaited - Messages that were sent and not answered yet.
   * @returns How many messages these bytes complete. Those before a fault count.
   */
  accept(chunk: Buffer, byteLength: number, awaited: number): number;
  /** Signals that the server ended its side with nothing awaited: incomplete bytes are a fault. */
  end(): void;
}
