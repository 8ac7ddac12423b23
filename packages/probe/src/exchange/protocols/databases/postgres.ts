import type { ReadyExchange } from '../base/ready-exchange.ts';

/** PostgreSQL 3.0, with trust authentication for the user postgres: start-up, a query, terminate. */
export const postgres: ReadyExchange = {
  name: 'postgres',
  summary: 'PostgreSQL 3.0, where user postgres is trusted: start-up, a query, good-bye',
  masks: [String.raw`K\x00\x00\x00\x0c[\s\S]{8}`],
  conversation: {
    name: 'PostgreSQL: start-up, a query, good-bye',
    steps: [
      { send: { text: '\u0000\u0000\u0000)\u0000\u0003\u0000\u0000user\u0000postgres\u0000database\u0000postgres\u0000\u0000' } },
      { expect: 'control' },
      { send: { framing: 'postgres', text: "Q\u0000\u0000\u0000\u001ESELECT '{{trial}}' AS one\u0000" } },
      { expect: 'control' },
      { send: { framing: 'postgres', text: 'X\u0000\u0000\u0000\u0004' } },
      { expect: 'close' },
    ],
  },
};
