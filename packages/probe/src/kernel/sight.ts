/** What is seen of the two ends of a connection: in one look, and since the wait began. */
export interface Sight {
  /** Of this look. */
  readonly isOwnSeen: boolean;
  readonly isPeerSeen: boolean;
  /** Since the wait began. */
  readonly wasPeerSeen: boolean;
  readonly isRead: boolean;
  /** Set where the system has nothing to look at. */
  isUnavailable: boolean;
  /** A look begins. */
  begin(): void;
  seeOwn(unacknowledgedBytes: number): void;
  /** Counts only once our own end was seen without unacknowledged bytes: the queue is also empty before the bytes arrive. */
  seePeer(unreadBytes: number): void;
}

/** Makes a {@link Sight} of a connection whose bytes are not known to have arrived. */
export function createSight(): Sight {
  return new ConnectionSight();
}

class ConnectionSight implements Sight {
  isOwnSeen = false;
  isPeerSeen = false;
  wasPeerSeen = false;
  isRead = false;
  isUnavailable = false;
  #isAcknowledged = false;

  begin(): void {
    this.isOwnSeen = false;
    this.isPeerSeen = false;
  }

  seeOwn(unacknowledgedBytes: number): void {
    this.isOwnSeen = true;
    if (unacknowledgedBytes === 0) this.#isAcknowledged = true;
  }

  seePeer(unreadBytes: number): void {
    this.isPeerSeen = true;
    this.wasPeerSeen = true;
    if (this.#isAcknowledged && unreadBytes === 0) this.isRead = true;
  }
}
