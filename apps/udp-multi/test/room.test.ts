import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLocalExchange } from '../src/bus/local.ts';
import { createCookieJar } from '../src/room/cookie.ts';
import { room } from '../src/sessions/room.ts';
import { wholeMessages } from '../src/whole-messages.ts';
import { announce, challenge, hello, join, leave, MAX_NAME_BYTES, MAX_TEXT_BYTES, said, say, welcome } from '../src/wire.ts';
import { datagram, fakeExchange } from './fake-exchange.ts';
import type { OnBusMessage } from '../src/bus/bus.ts';
import type { LocalExchange } from '../src/bus/local.ts';
import type { FakeExchange } from './fake-exchange.ts';
import type { RoomOptions } from '../src/sessions/room.ts';

const HELLO = hello.encode(new Uint8Array(16));

function startRoom(options: Partial<RoomOptions> & { readonly exchange?: LocalExchange } = {}) {
  const fake = fakeExchange();
  const { exchange: bus = createLocalExchange(), ...rest } = options;
  const session = room(fake, {
    relays: true,
    cookies: createCookieJar(Buffer.alloc(16, 1)),
    peers: { max: 100, ttlMs: 1000 },
    connectBus: (onMessage) => bus.connect(onMessage),
    timeOfDay: () => 0,
    ...rest,
  });
  const receive = (port: number, ...messages: readonly Uint8Array[]): void => session.receive(datagram(port, Buffer.concat(messages)));
  const enter = (port: number, name: string): number => {
    receive(port, HELLO);
    const [cookie] = wholeMessages(challenge, lastReply(fake, port)) ?? [];
    receive(port, join.encode(Buffer.concat([cookie!, Buffer.from(name)])));
    return wholeMessages(welcome, lastReply(fake, port))![0]!.header.member;
  };
  return { fake, session, receive, enter, heard: () => heardBy(fake) };
}

function lastReply(fake: FakeExchange, port: number): Uint8Array {
  return fake.replies.findLast((reply) => reply.port === port)!.payload;
}

/** What members were sent, as `PORT NAME: TEXT`. */
function heardBy(fake: FakeExchange): readonly string[] {
  return fake.copies.map(({ port, payload }) => {
    const [saying] = wholeMessages(said, payload) ?? [];
    if (saying === undefined) return `${port} !${String(Buffer.from(wholeMessages(announce, payload)![0]!))}`;
    const text = Buffer.from(saying.payload);
    return `${port} ${text.toString('utf8', 0, saying.header.nameBytes)}: ${text.toString('utf8', saying.header.nameBytes)}`;
  });
}

test('what a member says reaches every other member, the one longest silent first, and nobody else', () => {
  const { receive, enter, heard, fake } = startRoom();
  for (const [port, name] of [
    [7001, 'ann'],
    [7002, 'bob'],
    [7003, ''],
  ] as const)
    enter(port, name);
  receive(7001, say.encode(Buffer.from('hi')));
  receive(7003, say.encode(Buffer.from('你好')));
  expect(heard()).toEqual(['7002 ann: hi', '7003 ann: hi', '7002 : 你好', '7001 : 你好']);
  expect(fake.ends).toEqual(['7001 taken', '7003 taken']);
});

test('nothing that a stranger gets is longer than what it sent', () => {
  const sizes: [sent: number, got: number][] = [];
  const { fake, session } = startRoom();
  for (const payload of [
    HELLO,
    Buffer.concat([HELLO, HELLO]),
    join.encode(new Uint8Array(16)),
    say.encode(Buffer.from('hi')),
    Buffer.from('x'),
  ]) {
    const before = fake.replies.length;
    session.receive(datagram(7001, payload));
    sizes.push([payload.length, fake.replies.slice(before).reduce((sum, reply) => sum + reply.payload.length, 0)]);
  }
  for (const [sent, got] of sizes) expect(got).toBeLessThanOrEqual(sent);
  expect(sizes[0]).toEqual([21, 21]);
  expect(fake.copies).toEqual([]);
});

test('whatever strangers send, what they get is no longer, and members hear nothing of it', () => {
  const messages = [HELLO, join.encode(new Uint8Array(20)), say.encode(Buffer.from('hi')), leave.encode(new Uint8Array(0))];
  const part = fc.oneof(fc.constantFrom(...messages), fc.uint8Array({ maxLength: 40 }));
  const payload = fc
    .tuple(fc.array(part, { maxLength: 5 }), fc.nat({ max: 200 }))
    .map(([parts, cut]) => Buffer.concat(parts).subarray(0, cut === 0 ? undefined : cut));
  fc.assert(
    fc.property(fc.array(payload, { maxLength: 10 }), (payloads) => {
      const { fake, session, enter } = startRoom();
      enter(7001, 'ann');
      for (const each of payloads) {
        const before = fake.replies.length;
        session.receive(datagram(7002, each));
        const got = fake.replies.slice(before).reduce((sum, reply) => sum + reply.payload.length, 0);
        expect(got).toBeLessThanOrEqual(each.length);
      }
      expect(fake.copies).toEqual([]);
    }),
  );
});

test('a cookie replayed from another address or port is refused in silence', () => {
  const { fake, receive, session } = startRoom();
  receive(7001, HELLO);
  const [cookie] = wholeMessages(challenge, lastReply(fake, 7001)) ?? [];
  const replay = join.encode(cookie!);
  receive(7002, replay);
  session.receive({ payload: replay, peer: { address: '192.0.2.9', port: 7001, family: 'IPv4' } });
  expect(fake.ends).toEqual(['7002 bad-cookie', '7001 bad-cookie']);
  expect(fake.replies).toHaveLength(1);
});

test('who did not join is not heard, and who left is not either', () => {
  const { fake, receive, enter, heard } = startRoom();
  enter(7001, 'ann');
  enter(7002, 'bob');
  receive(7003, say.encode(Buffer.from('let me in')));
  receive(7002, leave.encode(new Uint8Array(0)));
  receive(7002, say.encode(Buffer.from('still here?')));
  receive(7001, say.encode(Buffer.from('anybody?')));
  expect(fake.ends).toEqual(['7003 not-joined', '7002 taken', '7002 not-joined', '7001 taken']);
  expect(heard()).toEqual([]);
});

test('a silent member is forgotten after its time, one that speaks is not', () => {
  const { fake, receive, enter, heard } = startRoom();
  enter(7001, 'ann');
  enter(7002, 'bob');
  enter(7003, 'cy');
  fake.nowMs = 900;
  receive(7001, say.encode(Buffer.from('one')));
  fake.nowMs = 1500;
  receive(7001, say.encode(Buffer.from('two')));
  expect(heard()).toEqual(['7002 ann: one', '7003 ann: one']);
  receive(7003, say.encode(Buffer.from('?')));
  expect(fake.ends.at(-1)).toBe('7003 not-joined');
});

test('joining again keeps the number and changes the name', () => {
  const { receive, enter, heard } = startRoom();
  const first = enter(7001, 'ann');
  enter(7002, 'bob');
  expect(enter(7001, 'anna')).toBe(first);
  receive(7001, say.encode(Buffer.from('hi')));
  expect(heard()).toEqual(['7002 anna: hi']);
});

test('however many join, there are never more members than the limit', () => {
  const { session, enter } = startRoom();
  for (let index = 0; index < 300; index++) enter(10_000 + index, '');
  expect(session.peers?.()).toHaveLength(100);
});

test('names and texts have a longest length, and one byte more is malformed', () => {
  const { fake, receive, enter } = startRoom();
  enter(7001, 'n'.repeat(MAX_NAME_BYTES));
  receive(7001, say.encode(Buffer.alloc(MAX_TEXT_BYTES)));
  receive(7001, say.encode(Buffer.alloc(MAX_TEXT_BYTES + 1)));
  receive(7001, join.encode(Buffer.alloc(16 + MAX_NAME_BYTES + 1)));
  receive(7001, hello.encode(Buffer.alloc(15)));
  receive(7001, leave.encode(Buffer.alloc(1)));
  expect(fake.ends).toEqual(['7001 taken', ...Array.from({ length: 4 }, () => '7001 malformed')]);
});

test('what only the service says is malformed when a peer says it', () => {
  const { fake, receive } = startRoom();
  receive(7001, welcome.encode({ header: { member: 1 }, payload: new Uint8Array(0) }));
  receive(7001, announce.encode(Buffer.from('fire!')));
  receive(7001);
  expect(fake.ends).toEqual(['7001 malformed', '7001 malformed', '7001 malformed']);
});

test('members of two replicas hear each other, each message once', () => {
  const exchange = createLocalExchange();
  const [one, two] = [startRoom({ exchange }), startRoom({ exchange })];
  one.enter(7001, 'ann');
  one.enter(7002, 'bob');
  two.enter(8001, 'cy');
  one.receive(7001, say.encode(Buffer.from('hi')));
  two.receive(8001, say.encode(Buffer.from('ho')));
  expect(one.heard()).toEqual(['7002 ann: hi', '7002 cy: ho', '7001 cy: ho']);
  expect(two.heard()).toEqual(['8001 ann: hi']);
});

test('what comes over the bus and is no message of a replica reaches nobody', async () => {
  const bus = Promise.withResolvers<OnBusMessage>();
  const { enter, heard } = startRoom({
    connectBus(onMessage) {
      bus.resolve(onMessage);
      return createLocalExchange().connect(onMessage);
    },
  });
  enter(7001, 'ann');
  const give = await bus.promise;
  expect([Buffer.from('garbage'), Buffer.alloc(0), say.encode(Buffer.from('x')), HELLO].map((message) => give(message))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(give(announce.encode(Buffer.from('all')))).toBe(true);
  expect(heard()).toEqual(['7001 !all']);
});

test('one-to-many: members are heard by the operator and not by each other', () => {
  const { receive, enter, heard, fake } = startRoom({ relays: false });
  enter(7001, 'ann');
  enter(7002, 'bob');
  receive(7001, say.encode(Buffer.from('question')));
  expect(heard()).toEqual([]);
  expect(fake.ends).toEqual(['7001 taken']);
});
