import type { ReadyExchange } from '../base/ready-exchange.ts';

/** MQTT 3.1.1: CONNECT with a client id that the broker chooses; SUBSCRIBE, a PUBLISH with QoS 1 and PINGREQ in one write; DISCONNECT. */
export const mqtt: ReadyExchange = {
  name: 'mqtt',
  summary: 'MQTT 3.1.1, where anybody may connect: connect, publish and ping in one write, disconnect',
  masks: [],
  conversation: {
    name: 'MQTT 3.1.1: connect, publish and ping, disconnect',
    framing: 'mqtt',
    steps: [
      { send: { hex: '10 0c 0004 4d515454 04 02 003c 0000' } },
      { expect: 'frames:1' },
      // To no subscriber: nobody hears of another's trial.
      { send: { hex: '82 14 0001 000f 737469636b792d6c61622f6e6f6e65 00  32 13 000b 737469636b792d6c6162 2f 0002 68656c6c  c000' } },
      { expect: 'unordered:3' },
      { send: { hex: 'e000' } },
      { expect: 'close' },
    ],
  },
};
