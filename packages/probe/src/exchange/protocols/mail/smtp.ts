import type { ReadyExchange } from '../base/ready-exchange.ts';

/** SMTP (RFC 5321) without pipelining: the greeting, EHLO, VRFY, RSET, NOOP, QUIT. Nothing is sent to anybody. */
export const smtp: ReadyExchange = {
  name: 'smtp',
  summary: 'SMTP: greeting, EHLO, a sender that is taken back, good-bye; nothing is sent',
  masks: [],
  conversation: {
    name: 'SMTP: greeting, EHLO, MAIL and RSET, QUIT',
    steps: [
      { expect: 'control' },
      { send: { text: 'EHLO client.example\r\n' } },
      { expect: 'control' },
      { send: { text: 'MAIL FROM:<someone@client.example>\r\n' } },
      { expect: 'control' },
      { send: { text: 'RSET\r\n' } },
      { expect: 'control' },
      { send: { text: 'QUIT\r\n' } },
      { expect: 'close' },
    ],
  },
};
