import { joinRoom, announce, challenge, envelope, said, say, welcome, wholeMessages } from '@socklab/client/room';
import { boundUdp } from '@socklab/testkit';
import { expect, test } from 'vitest';
import type { MemberOptions } from '@socklab/client/room';
import type { BoundUdp } from '@socklab/testkit';

const COOKIE = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
const KEY = COOKIE.subarray(0, 8);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const member = (port: number, options: Partial<MemberOptions> = {}): MemberOptions => ({
  target: { host: '127.0.0.1', port },
  name: Buffer.from('bob'),
  timeoutMs: 10_000,
  rejoinMs: 10_000,
  onHeard: () => undefined,
  onPresence: () => undefined,
  ...options,
});

/** Takes the next datagram of a member, and answers it. @returns the type and the body of the message. */
async function answer(service: BoundUdp, ...answers: readonly Uint8Array[]): Promise<readonly [number, string]> {
  const { payload, peer } = await service.next();
  for (const each of answers) await service.send(each, peer.port);
  const [message] = wholeMessages(envelope, payload) ?? [];
  return [message!.header.type, hex(message!.payload)];
}

test('proves its address, joins, and is told each message of that as it is on the wire', async () => {
  await using service = await boundUdp();
  const told: string[] = [];
  const greeting = welcome.encode({ header: { member: 7 }, payload: KEY });
  const joining = joinRoom(
    member(service.port, {
      onHandshake: (direction, name, bytes) => void told.push(`${direction} ${name} ${hex(bytes.subarray(0, 3))}`),
      onPresence: (isMember, number) => void told.push(`${isMember} ${number}`),
    }),
  );
  expect(await answer(service, challenge.encode(COOKIE))).toEqual([0x01, '00'.repeat(16)]);
  expect(await answer(service, greeting)).toEqual([0x03, `${hex(COOKIE)}626f62`]);
  const bob = await joining;
  expect(bob.number).toBe(7);
  expect(hex(bob.sayMessage(Buffer.from('hi')))).toBe(hex(say.encode(Buffer.concat([KEY, Buffer.from('hi')]))));
  await bob.say(Buffer.from('hi'));
  expect(await answer(service)).toEqual([0x05, `${hex(KEY)}6869`]);
  await bob.leave();
  expect(await answer(service)).toEqual([0x07, hex(KEY)]);
  expect(told).toEqual([
    'sent HELLO 534c01',
    'received CHALLENGE 534c02',
    'sent JOIN 534c03',
    'received WELCOME 534c04',
    'true 7',
    'sent LEAVE 534c07',
  ]);
});

test('a challenge that is no cookie is not answered', async () => {
  await using service = await boundUdp();
  const joining = joinRoom(member(service.port));
  await answer(service, challenge.encode(new Uint8Array(1000)), challenge.encode(COOKIE));
  expect(await answer(service, welcome.encode({ header: { member: 1 }, payload: KEY }))).toEqual([0x03, `${hex(COOKIE)}626f62`]);
  await (await joining).leave();
});

test('two members of one service hear what each of them is sent', async () => {
  await using service = await boundUdp();
  const heard: string[] = [];
  const join = async (number: number) => {
    const arrived = Promise.withResolvers<void>();
    const joining = joinRoom(
      member(service.port, {
        onHeard(message) {
          heard.push(`${number}: ${message.type} ${hex(message.text)} at ${message.bytes.length - message.text.length}`);
          arrived.resolve();
        },
      }),
    );
    const { peer } = await service.next();
    await service.send(challenge.encode(COOKIE), peer.port);
    await service.next();
    await service.send(welcome.encode({ header: { member: number }, payload: KEY }), peer.port);
    return { joined: await joining, port: peer.port, arrived: arrived.promise };
  };
  const [ann, bob] = [await join(1), await join(2)];
  await service.send(said.encode({ header: { member: 2, nameBytes: 3 }, payload: Buffer.from('bobhi') }), ann.port);
  await service.send(announce.encode(Buffer.from('ho')), bob.port);
  await Promise.all([ann.arrived, bob.arrived]);
  expect(heard.toSorted((one, other) => one.localeCompare(other))).toEqual(['1: said 6869 at 13', '2: announce 686f at 5']);
  await Promise.all([ann.joined.leave(), bob.joined.leave()]);
});
