import type { ReadyExchange } from '../base/ready-exchange.ts';

/** NATS: CONNECT and PING, then a subscription, a message to it and PING in one write. */
export const nats: ReadyExchange = {
  name: 'nats',
  summary: 'NATS, where anybody may connect: connect, a subscription and a message to it in one write',
  // What the server says of itself first: its ids, the number and address of the client.
  masks: [String.raw`INFO \{[^\r\n]*\}`],
  // After two seconds it asks whether the client is still there.
  ignored: [String.raw`^PING\r\n`],
  conversation: {
    name: 'NATS: connect, subscribe and publish',
    framing: 'line:crlf',
    steps: [
      { expect: 'frames:1' },
      { send: { text: 'CONNECT {"verbose":false,"lang":"sticky-lab","version":"1"}\r\nPING\r\n' } },
      { expect: 'frames:1' },
      { send: { text: 'SUB sticky.{{trial}} 1\r\nPUB sticky.{{trial}} 7\r\ngrüße\r\nPING\r\n' } },
      { expect: 'frames:3' },
    ],
  },
};
