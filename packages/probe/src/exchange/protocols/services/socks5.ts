import type { ReadyExchange } from '../base/ready-exchange.ts';

/** SOCKS5 (RFC 1928): the methods, and a CONNECT to the discard port of the server's own machine, which usually refuses. */
export const socks5: ReadyExchange = {
  name: 'socks5',
  summary: 'SOCKS5 without a password: the methods, a connection to port 9 of its machine, which nobody listens on',
  // The address that a refusal names means nothing, and some servers leave it as it was in memory.
  masks: [String.raw`(?<keep>\x05[\x01-\x08]\x00\x01)[\s\S]{6}`],
  conversation: {
    name: 'SOCKS5: methods, a connection that is refused',
    steps: [{ send: { hex: '05 02 00 01' } }, { expect: 'bytes:2' }, { send: { hex: '05 01 00 01 7f000001 0009' } }, { expect: 'close' }],
  },
};
