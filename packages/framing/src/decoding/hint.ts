import type { BytesIn } from '../codec.ts';

/** How requests and replies of HTTP/1 and the preface of HTTP/2 start. */
const HTTP_STARTS = ['GET ', 'POST', 'PUT ', 'HEAD', 'DELE', 'OPTI', 'PATC', 'CONN', 'TRAC', 'PRI ', 'HTTP'];

/** What a TLS record carries, by its first byte: RFC 8446, 5.1. */
const TLS_RECORDS: Readonly<Record<number, string>> = { 0x15: 'alert', 0x16: 'handshake' };

/**
 * Names the other protocol that invalid bytes look like: by far the most common reason for an absurd length is a peer,
 * health check or browser that speaks TLS or HTTP to the wrong port.
 */
export function protocolHint(firstBytes: BytesIn): string | undefined {
  const [first, second, third] = firstBytes;
  const record = first === undefined ? undefined : TLS_RECORDS[first];
  if (record !== undefined && second === 3 && third !== undefined && third <= 4) return `looks like a TLS ${record}`;
  const start = String.fromCharCode(...firstBytes.subarray(0, 4));
  return HTTP_STARTS.includes(start) ? `looks like HTTP: ${JSON.stringify(start.trim())}` : undefined;
}
