import { ack as answer, probe, wholeMessages } from '@socklab/client/room';
import type { DatagramFraming } from '../datagram-framing.ts';
import type { Datagram, Channel, Session } from './session.ts';

const NOTHING = new Uint8Array(0);

/**
 * Answers each PROBE with an ACK of its sequence number and timestamp, those of one datagram in one: so the sender knows
 * what was lost, overtaken or doubled, and the round-trip time. Anything else is malformed, including an ACK: two of
 * these services never talk to each other. Layout: `wire.ts`.
 */
export function ack<Received extends Datagram>(channel: Channel<Received>, framing?: DatagramFraming): Session<Received> {
  return {
    receive(datagram) {
      const answers = (datagram.messages ?? [datagram.payload]).map((message) => acknowledge(message));
      const whole = answers.filter((each) => each !== undefined);
      if (whole.length < answers.length || whole.length === 0) channel.drop(datagram, 'malformed');
      else channel.reply(datagram, framing === undefined ? Buffer.concat(whole) : framing.join(whole));
    },
    close: () => undefined,
  };
}

function acknowledge(message: Uint8Array): Uint8Array | undefined {
  const probes = wholeMessages(probe, message);
  if (probes === undefined || probes.length === 0) return undefined;
  return Buffer.concat(probes.map(({ header }) => answer.encode({ header, payload: NOTHING })));
}
