import type { ReadyExchange } from '../base/ready-exchange.ts';

/** FTP's control connection (RFC 959): the greeting, USER, NOOP before the password, QUIT. */
export const ftp: ReadyExchange = {
  name: 'ftp',
  summary: 'FTP: greeting, a user, features, good-bye, without logging in',
  masks: [],
  conversation: {
    name: 'FTP: greeting, USER, FEAT, QUIT',
    steps: [
      { expect: 'control' },
      { send: { text: 'FEAT\r\n' } },
      { expect: 'control' },
      { send: { text: 'USER anonymous\r\n' } },
      { expect: 'control' },
      { send: { text: 'QUIT\r\n' } },
      { expect: 'close' },
    ],
  },
};
