import type { ReadyExchange } from '../base/ready-exchange.ts';

/** POP3 (RFC 1939) before the log-in: greeting, CAPA, USER, QUIT. */
export const pop3: ReadyExchange = {
  name: 'pop3',
  summary: 'POP3 without logging in: greeting, capabilities, a user, good-bye',
  // The timestamp that APOP signs, new in each greeting.
  masks: ['<[^<>\\r\\n]+>'],
  conversation: {
    name: 'POP3: greeting, CAPA, USER, QUIT',
    framing: 'line:crlf',
    steps: [
      { expect: 'frames:1' },
      { send: { text: 'CAPA\r\n' } },
      { expect: 'control' },
      { send: { text: 'USER sticky-lab\r\n' } },
      { expect: 'frames:1' },
      { send: { text: 'QUIT\r\n' } },
      { expect: 'close' },
    ],
  },
};
