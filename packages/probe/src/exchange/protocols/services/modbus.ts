import type { ReadyExchange } from '../base/ready-exchange.ts';

/** Modbus/TCP, unit 1: two reads in one write, then two registers written and read again. */
export const modbus: ReadyExchange = {
  name: 'modbus',
  summary: 'Modbus/TCP, unit 1: two reads in one write, registers 0 and 1 written with 0, a read',
  masks: [],
  conversation: {
    name: 'Modbus/TCP: two reads, a write, a read',
    framing: 'modbus',
    steps: [
      { send: { hex: '0001 0000 0006 01 03 0000 0002  0002 0000 0006 01 03 0000 0001' } },
      { expect: 'unordered:2' },
      { send: { hex: '0003 0000 000b 01 10 0000 0002 04 0000 0000' } },
      { expect: 'frames:1' },
      { send: { hex: '0004 0000 0006 01 03 0000 0001' } },
      { expect: 'frames:1' },
    ],
  },
};
