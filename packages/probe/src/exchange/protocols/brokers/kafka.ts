import type { ReadyExchange } from '../base/ready-exchange.ts';

/** Kafka: which versions it knows, asked in the oldest form; then the same in the newest and for its brokers, in one write. */
export const kafka: ReadyExchange = {
  name: 'kafka',
  summary: 'Kafka, where anybody may connect: ApiVersions, old and new, and Metadata without topics behind it in one write',
  masks: [],
  conversation: {
    name: 'Kafka: versions and brokers',
    framing: 'kafka',
    steps: [
      // ApiVersions, version 0, of the client "sticky".
      { send: { hex: '00000010 0012 0000 00000001 0006 737469636b79' } },
      { expect: 'frames:1' },
      // Version 3: compact strings and tagged fields; a broker without it answers as version 0 does. Then Metadata, version 1, of no topic.
      {
        send: {
          hex: '0000001b 0012 0003 00000002 0006 737469636b79 00 07 737469636b79 02 31 00  00000014 0003 0001 00000003 0006 737469636b79 00000000',
        },
      },
      { expect: 'frames:2' },
    ],
  },
};
