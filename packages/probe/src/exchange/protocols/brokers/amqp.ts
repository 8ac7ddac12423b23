import type { ReadyExchange } from '../base/ready-exchange.ts';

/** The queue of this connection alone. */
const QUEUE = '14 737469636b792d6c61622d {{trial}}';

/** AMQP 0-9-1, where guest may log in: connection, channel, a queue, a message to it and back in one write, good-bye. */
export const amqp: ReadyExchange = {
  name: 'amqp',
  summary: 'AMQP 0-9-1, where guest may log in: connection, channel, a queue, a message to it and back in one write',
  masks: [],
  conversation: {
    name: 'AMQP 0-9-1: log-in, a queue, a message to it and back',
    framing: 'amqp',
    steps: [
      { send: { hex: '414d5150 00000901' } },
      { expect: 'frames:1' },
      { send: { hex: '01 0000 00000024 000a000b 00000000 05 504c41494e 0000000c 006775657374006775657374 05 656e5f5553 ce' } },
      { expect: 'frames:1' },
      { send: { hex: '01 0000 0000000c 000a001f 0001 00020000 0000 ce  01 0000 00000008 000a0028 01 2f 00 00 ce' } },
      { expect: 'frames:1' },
      { send: { hex: '01 0001 00000005 0014000a 00 ce' } },
      { expect: 'frames:1' },
      { send: { hex: `01 0001 00000020 0032000a 0000 ${QUEUE} 04 00000000 ce` } },
      { expect: 'frames:1' },
      {
        send: {
          hex: `01 0001 0000001d 003c0028 0000 00 ${QUEUE} 00 ce  02 0001 0000000e 003c 0000 0000000000000008 0000 ce  03 0001 00000008 6772c3bcc39f650a ce  01 0001 0000001c 003c0046 0000 ${QUEUE} 01 ce`,
        },
      },
      { expect: 'frames:3' },
      { send: { hex: '01 0000 0000000e 000a0032 00c8 03 627965 0000 0000 ce' } },
      { expect: 'frames:1' },
    ],
  },
};
