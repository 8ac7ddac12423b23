import type { ReadyExchange } from '../base/ready-exchange.ts';

/** The opening handshake of RFC 6455 with its example key, a ping with a payload, and a close with status 1000, both masked with zeros. */
export const websocket: ReadyExchange = {
  name: 'websocket',
  summary: 'WebSocket at /: the upgrade, a ping, a close',
  masks: [],
  conversation: {
    name: 'WebSocket: upgrade, ping, close',
    framing: 'websocket',
    steps: [
      {
        send: {
          text: 'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
        },
      },
      { expect: 'control' },
      // {{trial}}
      { send: { hex: '89 89 00000000 7b7b747269616c7d7d' } },
      { expect: 'bytes:11' },
      { send: { hex: '88 82 00000000 03 e8' } },
      { expect: 'close' },
    ],
  },
};
