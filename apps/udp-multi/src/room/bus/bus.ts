/** Carries the messages of one room between the replicas of the service. */
export interface Bus {
  /** Hands a message to all other replicas. Never throws and never waits: what cannot go now waits, within limits. */
  publish(message: Uint8Array): void;
  readonly counts: BusCounts;
  /** Lets what was published leave, and ends. */
  close(): Promise<void>;
}

/** What passed over a bus. The numbers only grow. */
export interface BusCounts {
  readonly isConnected: boolean;
  readonly published: number;
  readonly received: number;
  /** Messages that had to make room while the bus was away, and what came that is no message of a replica, or more than can be given on. */
  readonly dropped: number;
  readonly reconnects: number;
}

/** Takes each message of another replica; false when it is none that a replica sends, or more than can be given on. */
export type OnBusMessage = (message: Uint8Array) => boolean;

/** Counts that a bus adds to. */
export type MutableBusCounts = { -readonly [Count in keyof BusCounts]: BusCounts[Count] };

/** Counts with which a bus begins. */
export function freshCounts(isConnected: boolean): MutableBusCounts {
  return { isConnected, published: 0, received: 0, dropped: 0, reconnects: 0 };
}
