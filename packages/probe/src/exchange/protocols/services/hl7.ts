import type { ReadyExchange } from '../base/ready-exchange.ts';

const admitted = (id: string): string =>
  [
    `MSH|^~\\&|LAB|HOSPITAL|PEER|HOSPITAL|20260101120000||ADT^A01^ADT_A01|${id}|T|2.5`,
    'EVN|A01|20260101120000',
    'PID|1||1234^^^HOSPITAL||Größer^Ada||19151210|F',
    'PV1|1|I',
  ]
    .map((segment) => `${segment}\r`)
    .join('');

/** HL7 version 2 over MLLP: two messages in one write, each acknowledged. */
export const hl7: ReadyExchange = {
  name: 'hl7',
  summary: 'HL7 v2 over MLLP: two patients are admitted in one write, each is acknowledged',
  // Of an acknowledgement: its time, and its own id.
  masks: [String.raw`(?<keep>^\x0bMSH(?:\|[^|\r]*){5}\|)[^|\r]*`, String.raw`(?<keep>^\x0bMSH(?:\|[^|\r]*){8}\|)[^|\r]*`],
  conversation: {
    name: 'HL7 over MLLP: two messages in one write',
    framing: JSON.stringify({ kind: 'delimited', name: 'mllp', start: '0b', delimiters: [{ bytes: '1c0d' }] }),
    steps: [{ send: { text: `\v${admitted('1')}\u001C\r\v${admitted('{{trial}}')}\u001C\r` } }, { expect: 'frames:2' }],
  },
};
