/** What one connection, and all of them together, may use. */
export interface Limits {
  /** Connections open at the same time; one more is reset. */
  readonly maxConnections: number;
  /** Of them, from one address; `Infinity` is any number. */
  readonly maxPerIp: number;
  /** The length of the IPv6 networks that count as one address, 1 to 128. */
  readonly ipv6PrefixBits: number;
  /** Connections accepted in a second, on average; `Infinity` is any number. */
  readonly acceptRate: number;
  /** How long a connection may be silent in both directions, in milliseconds; 0 is for ever. */
  readonly idleTimeoutMs: number;
  /** How long a message may stay incomplete, in milliseconds; 0 is for ever. */
  readonly frameTimeoutMs: number;
  /** Bytes that wait to be taken by the peer, from which on it is not read. */
  readonly maxPendingBytes: number;
  /** Bytes that all connections together may hold: answers not taken, messages whose rest has not come. */
  readonly maxBufferedBytes: number;
  /** How long the peer may take none of them, in milliseconds, before it is reset; 0 is for ever. */
  readonly slowTimeoutMs: number;
  /** Clients that may wait in line; one more is reset. */
  readonly queueMax: number;
  /** How long one may wait, in milliseconds; 0 is for ever. */
  readonly queueTimeoutMs: number;
  /** Bytes read from a client that waits. */
  readonly queueBufferBytes: number;
  /** What a client that waits is told of its place, `{pos}` in it; empty: nothing. */
  readonly queueNotice: string;
}
