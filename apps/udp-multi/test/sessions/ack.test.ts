import { wholeMessages, ack, probe } from '@socklab/client/room';
import { expect, test } from 'vitest';
import { datagramFraming } from '../../src/datagram-framing.ts';
import { ack as ackSession } from '../../src/sessions/ack.ts';
import { datagram, fakeChannel } from '../gate/fake-channel.ts';

const probeOf = (sequence: number, padding = ''): Uint8Array =>
  probe.encode({ header: { sequence, timestamp: 1_000_000 + sequence }, payload: Buffer.from(padding) });

test('each probe of a datagram is acknowledged, in one answer that is never longer', () => {
  const channel = fakeChannel();
  const payload = Buffer.concat([probeOf(1), probeOf(2 ** 32 - 1, 'padding'), probeOf(3)]);
  ackSession(channel).receive(datagram(7001, payload));
  const [reply] = channel.replies;
  expect(wholeMessages(ack, reply!.payload)?.map(({ header }) => header)).toEqual([
    { sequence: 1, timestamp: 1_000_001 },
    { sequence: 2 ** 32 - 1, timestamp: 2 ** 32 + 999_999 },
    { sequence: 3, timestamp: 1_000_003 },
  ]);
  expect(reply!.payload.length).toBeLessThanOrEqual(payload.length);
});

test('anything else is malformed and not answered, an ack and a cut probe too', () => {
  const channel = fakeChannel();
  const session = ackSession(channel);
  const cases = [
    Buffer.from('hello'),
    Buffer.alloc(0),
    ack.encode({ header: { sequence: 1, timestamp: 2 }, payload: new Uint8Array(0) }),
    probeOf(1).subarray(0, 16),
    Buffer.concat([probeOf(1), Buffer.from([0])]),
  ];
  for (const payload of cases) session.receive(datagram(7001, payload));
  expect(channel.replies).toEqual([]);
  expect(channel.ends).toEqual(cases.map(() => '7001 malformed'));
});

test('with a framing each message is probes, and the answer is framed alike', () => {
  const framing = datagramFraming('u16be');
  const channel = fakeChannel();
  const messages = [probeOf(1), probeOf(2)];
  ackSession(channel, framing).receive({ ...datagram(7001, framing.join(messages)), messages });
  const answers = framing.split(channel.replies[0]!.payload)?.map((each) => wholeMessages(ack, each)?.[0]?.header.sequence);
  expect(answers).toEqual([1, 2]);
});
