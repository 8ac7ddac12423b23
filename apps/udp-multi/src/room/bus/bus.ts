/** Carries the messages of one room between the replicas of the service. */
export interface Bus {
  /** Passes a message to all other replicas. Never throws or waits: what cannot be sent now is queued, within limits. */
  publish(message: Uint8Array): void;
  readonly counts: BusCounts;
  /** Sends what was published, and closes. */
  close(): Promise<void>;
}

/** Counts of a bus. They only grow. */
export interface BusCounts {
  readonly isConnected: boolean;
  readonly published: number;
  readonly received: number;
  /** Messages dropped while the bus was away, and received ones that are invalid or too many to deliver. */
  readonly dropped: number;
  readonly reconnects: number;
}

/** Handles a message of another replica; false when it is invalid, or too many wait for delivery. */
export type OnBusMessage = (message: Uint8Array) => boolean;

/** The counters of a bus. */
export type MutableBusCounts = { -readonly [Count in keyof BusCounts]: BusCounts[Count] };

/** Counters at 0. */
export function freshCounts(isConnected: boolean): MutableBusCounts {
  return { isConnected, published: 0, received: 0, dropped: 0, reconnects: 0 };
}
