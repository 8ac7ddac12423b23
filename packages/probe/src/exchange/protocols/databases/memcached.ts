import type { ReadyExchange } from '../base/ready-exchange.ts';

/** memcached, its text protocol: set and get in one write, quit. */
export const memcached: ReadyExchange = {
  name: 'memcached',
  summary: 'memcached, its text protocol: set and get in one write, quit',
  masks: [],
  conversation: {
    name: 'memcached: set and get in one write, then quit',
    steps: [
      { send: { text: 'set sticky-lab 0 60 8\r\ngrüße\n\r\nget sticky-lab\r\n' } },
      { expect: 'control' },
      { send: { text: 'mn\r\nmg sticky-lab v\r\n' } },
      { expect: 'control' },
      { send: { text: 'quit\r\n' } },
      { expect: 'close' },
    ],
  },
};
