import type { ReadyExchange } from '../base/ready-exchange.ts';

/** IMAP (RFC 9051) before the log-in: greeting, CAPABILITY and NOOP in one write, LOGOUT. */
export const imap: ReadyExchange = {
  name: 'imap',
  summary: 'IMAP without logging in: greeting, two commands in one write, good-bye',
  // Greetings hold ids of the session.
  masks: [String.raw`(?<keep>^\* (?:OK|PREAUTH) )[^\r\n]*`],
  conversation: {
    name: 'IMAP: greeting, CAPABILITY and NOOP, LOGOUT',
    framing: 'line:crlf',
    steps: [
      { expect: 'frames:1' },
      { send: { text: 'a1 CAPABILITY\r\na{{trial}} NOOP\r\n' } },
      { expect: 'control' },
      { send: { text: 'a3 LOGOUT\r\n' } },
      { expect: 'close' },
    ],
  },
};
