/** Messages that wait for the bus to return, the newest of them when not all fit. */
export interface Backlog {
  readonly size: number;
  /** Adds a message; returns how many older ones were dropped. */
  add(message: Uint8Array): number;
  /** Takes all messages in order. */
  take(): readonly Uint8Array[];
}

/** Limits of {@link createBacklog}. */
export interface BacklogLimits {
  readonly maxMessages: number;
  readonly maxBytes: number;
}

/** Makes a {@link Backlog}. A chat is about the present: the oldest message is dropped. */
export function createBacklog({ maxMessages, maxBytes }: BacklogLimits): Backlog {
  let messages: Uint8Array[] = [];
  let bytes = 0;
  return {
    get size() {
      return messages.length;
    },
    add(message) {
      messages.push(message);
      bytes += message.length;
      let dropped = 0;
      while (messages.length > maxMessages || bytes > maxBytes) {
        bytes -= messages.shift()?.length ?? 0;
        dropped += 1;
      }
      return dropped;
    },
    take() {
      const all = messages;
      messages = [];
      bytes = 0;
      return all;
    },
  };
}
