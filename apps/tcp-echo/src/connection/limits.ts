/** Limits of one connection, and of all together. */
export interface Limits {
  /** Open connections; one more is reset. */
  readonly maxConnections: number;
  /** Of them, from one address; `Infinity` is no limit. */
  readonly maxPerIp: number;
  /** The length of the IPv6 prefixes that count as one address, 1 to 128. */
  readonly ipv6PrefixBits: number;
  /** Connections accepted per second, on average; `Infinity` is no limit. */
  readonly acceptRate: number;
  /** How long a connection may be silent in both directions, in milliseconds; 0 is forever. */
  readonly idleTimeoutMs: number;
  /** How long a message may stay incomplete, in milliseconds; 0 is forever. */
  readonly frameTimeoutMs: number;
  /** Unsent bytes from which on the peer is not read. */
  readonly maxPendingBytes: number;
  /** Bytes that all connections together may hold: answers not sent, incomplete messages. */
  readonly maxBufferedBytes: number;
  /** How long the peer may take no answer, in milliseconds, before it is reset; 0 is forever. */
  readonly slowTimeoutMs: number;
  /** Clients that may wait in the queue; one more is reset. */
  readonly queueMax: number;
  /** How long a client may wait, in milliseconds; 0 is forever. */
  readonly queueTimeoutMs: number;
  /** Bytes read from a waiting client. */
  readonly queueBufferBytes: number;
  /** What a waiting client is told of its position, with `{pos}`; empty: nothing. */
  readonly queueNotice: string;
}
