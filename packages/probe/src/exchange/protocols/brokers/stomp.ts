import type { ReadyExchange } from '../base/ready-exchange.ts';

/** STOMP 1.2: the length of the body, or a zero behind it; line ends between frames are heart-beats. */
const FRAMES = JSON.stringify({
  kind: 'text',
  name: 'stomp',
  head: 'block',
  idle: '0a0d',
  rules: [
    { when: { header: { name: 'content-length' } }, body: { length: { header: 'content-length' }, trailer: '00' } },
    { body: { until: '00' } },
  ],
});

/** STOMP 1.2, where guest may log in: CONNECT, two SENDs in one write to a topic that nobody reads, DISCONNECT. */
export const stomp: ReadyExchange = {
  name: 'stomp',
  summary: 'STOMP 1.2, where guest may log in: connect, two messages in one write, each with a receipt, disconnect',
  masks: [String.raw`(?<keep>^session:)[^\r\n]*`],
  conversation: {
    name: 'STOMP 1.2: connect, two messages, disconnect',
    framing: FRAMES,
    steps: [
      { send: { text: 'CONNECT\naccept-version:1.2\nhost:/\nlogin:guest\npasscode:guest\n\n\0' } },
      { expect: 'frames:1' },
      {
        send: {
          text: 'SEND\ndestination:/topic/sticky-lab\nreceipt:{{trial}}\ncontent-length:9\n\ngrü\0ße\n\0SEND\ndestination:/topic/sticky-lab\nreceipt:2\n\nhello\0',
        },
      },
      { expect: 'unordered:2' },
      { send: { text: 'DISCONNECT\nreceipt:3\n\n\0' } },
      { expect: 'close' },
    ],
  },
};
