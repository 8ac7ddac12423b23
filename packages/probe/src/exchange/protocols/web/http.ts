import type { ReadyExchange } from '../base/ready-exchange.ts';

/** HTTP/1.1: two requests in one write, a body, the last. */
export const http: ReadyExchange = {
  name: 'http',
  summary: 'HTTP/1.1: two requests in one write, a body, the last',
  masks: [],
  conversation: {
    name: 'HTTP/1.1: two requests in one write, then a body, then the last',
    steps: [
      { send: { text: 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\nHEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n' } },
      { expect: 'control' },
      {
        send: { text: 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 8\r\n\r\ngrüße\n' },
      },
      { expect: 'control' },
      { send: { text: 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' } },
      { expect: 'close' },
    ],
  },
};
