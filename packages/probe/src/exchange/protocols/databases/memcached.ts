import type { ReadyExchange } from '../base/ready-exchange.ts';

/** memcached, its text protocol: set and get in one write, quit. */
export const memcached: ReadyExchange = {
  name: 'memcached',
  summary: 'memcached, its text protocol: set and get in one write, quit',
  masks: [],
  conversation: {
    name: 'memcached: set and get in one write, then quit',
    steps: [
      { send: { text: 'set sticky-lab-{{trial}} 0 60 17\r\n{{trial}}grüße\n\r\nget sticky-lab-{{trial}}\r\n' } },
      { expect: 'control' },
      { send: { text: 'mn\r\nmg sticky-lab-{{trial}} v\r\n' } },
      { expect: 'control' },
      { send: { text: 'quit\r\n' } },
      { expect: 'close' },
    ],
  },
};
