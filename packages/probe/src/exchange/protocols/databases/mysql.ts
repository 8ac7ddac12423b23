import type { ReadyExchange } from '../base/ready-exchange.ts';

/** MySQL's protocol 10, where root needs no password: log-in by mysql_native_password, a query, a ping, good-bye. */
export const mysql: ReadyExchange = {
  name: 'mysql',
  summary: 'MySQL and MariaDB, where user root needs no password: log-in, a query, a ping, good-bye',
  // The connection's number and the challenge in its two parts, in the greeting.
  masks: [String.raw`(?<keep>^[\s\S]{3}\x00\x0a[^\x00]*\x00)[\s\S]{43}`],
  conversation: {
    name: 'MySQL: log-in, a query, a ping, good-bye',
    framing: 'mysql',
    steps: [
      { expect: 'frames:1' },
      {
        send: {
          hex: '3c0000 01 01a20800 00000001 2d 0000000000000000000000000000000000000000000000 726f6f7400 00 6d7973716c5f6e61746976655f70617373776f726400',
        },
      },
      { expect: 'frames:1' },
      { send: { hex: '100000 00 03 53454c4543542031204153206f6e65' } },
      { expect: 'control' },
      { send: { hex: '010000 00 0e' } },
      { expect: 'frames:1' },
      { send: { hex: '010000 00 01' } },
      { expect: 'close' },
    ],
  },
};
