/** One end of the connection that a proxy accepted. */
export interface ProxyAddress {
  /** Numeric, as Node.js prints it. */
  readonly address: string;
  readonly port: number;
}

/** The content of a PROXY header. */
export interface ProxyHeader {
  readonly version: 1 | 2;
  /** `local`: the proxy itself connects, for example for a health check; the connection's own addresses are the true ones. */
  readonly command: 'proxy' | 'local';
  /** The client. Undefined when the proxy does not know it, or it has no IP address: then the connection's own counts. */
  readonly source: ProxyAddress | undefined;
  /** Where the client connected to. Undefined together with `source`. */
  readonly destination: ProxyAddress | undefined;
}

/** What is wrong with a PROXY header, for programs. */
export type ProxyHeaderErrorCode = 'PROXY_ERR_MISSING' | 'PROXY_ERR_MALFORMED' | 'PROXY_ERR_TOO_LONG' | 'PROXY_ERR_CHECKSUM';

/**
 * A connection that does not begin with an accepted PROXY header. Close it: its peer is unknown.
 *
 * | code | meaning |
 * |---|---|
 * | `PROXY_ERR_MISSING` | something else, or a version that is not accepted |
 * | `PROXY_ERR_MALFORMED` | a header that violates the specification |
 * | `PROXY_ERR_TOO_LONG` | version 1 without its end in 107 bytes; version 2 that declares more than 4096 |
 * | `PROXY_ERR_CHECKSUM` | version 2 whose CRC32c is not that of its bytes |
 */
export class ProxyHeaderError extends Error {
  readonly code: ProxyHeaderErrorCode;

  constructor(code: ProxyHeaderErrorCode, message: string) {
    super(message);
    this.name = 'ProxyHeaderError';
    this.code = code;
  }
}

/** The error for a header that violates the specification. */
export function malformed(message: string): ProxyHeaderError {
  return new ProxyHeaderError('PROXY_ERR_MALFORMED', message);
}
