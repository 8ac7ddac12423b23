/** A packet as a capture has it. */
export interface CapturedPacket {
  /** Milliseconds since 1970, with fractions. */
  readonly time: number;
  /** What the bytes begin with: a LINKTYPE_ of tcpdump. */
  readonly linkType: number;
  /** A view of the file; less than the packet had where the capture was told to cut. */
  readonly bytes: Uint8Array;
}

/** Packets, and whether the file ends inside of one. */
export interface CapturedPackets {
  readonly packets: readonly CapturedPacket[];
  readonly isTorn: boolean;
}
