import type { ReadyExchange } from '../base/ready-exchange.ts';

/** Redis and what speaks RESP: PING, SET and GET in one write, QUIT. */
export const redis: ReadyExchange = {
  name: 'redis',
  summary: 'Redis and what speaks RESP: PING, SET and GET in one write, QUIT',
  masks: [],
  conversation: {
    name: 'redis: SET and GET in one write, then QUIT',
    steps: [
      { send: { text: '*1\r\n$4\r\nPING\r\n' } },
      { expect: 'control' },
      {
        send: {
          text: '*5\r\n$3\r\nSET\r\n$20\r\nsticky-lab-{{trial}}\r\n$17\r\n{{trial}}grüße\n\r\n$2\r\nEX\r\n$2\r\n60\r\n*2\r\n$3\r\nGET\r\n$20\r\nsticky-lab-{{trial}}\r\n',
        },
      },
      { expect: 'control' },
      { send: { text: '*1\r\n$4\r\nQUIT\r\n' } },
      { expect: 'close' },
    ],
  },
};
