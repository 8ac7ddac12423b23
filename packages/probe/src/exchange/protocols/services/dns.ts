import type { ReadyExchange } from '../base/ready-exchange.ts';

/** DNS over TCP (RFC 7766): two questions for localhost in one write, its IPv4 and its IPv6 address. */
export const dns: ReadyExchange = {
  name: 'dns',
  summary: 'DNS over TCP: the addresses of localhost, both questions in one write',
  masks: [],
  conversation: {
    name: 'DNS over TCP: A and AAAA of localhost',
    framing: 'dns',
    steps: [
      {
        send: {
          hex: '001b 5301 0100 0001 0000 0000 0000 09 6c6f63616c686f7374 00 0001 0001  001b 5302 0100 0001 0000 0000 0000 09 6c6f63616c686f7374 00 001c 0001',
        },
      },
      // RFC 7766 allows answers in any order.
      { expect: 'unordered:2' },
    ],
  },
};
