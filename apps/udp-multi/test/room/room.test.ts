import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  wholeMessages,
  announce,
  challenge,
  hello,
  join,
  leave,
  MAX_ROOM_MESSAGES,
  MAX_NAME_BYTES,
  MAX_TEXT_BYTES,
  MEMBER_KEY_BYTES,
  said,
  say,
  welcome,
} from '@socklab/client/room';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLocalBus } from '../../src/room/bus/local.ts';
import { createCookieJar } from '../../src/room/cookie.ts';
import { room } from '../../src/room/room.ts';
import { datagram, fakeChannel, peerAt } from '../gate/fake-channel.ts';
import type { CommandConsole } from '../../src/operator/console.ts';
import type { OnBusMessage } from '../../src/room/bus/bus.ts';
import type { LocalBus } from '../../src/room/bus/local.ts';
import type { RoomOptions } from '../../src/room/room.ts';
import type { FakeChannel } from '../gate/fake-channel.ts';

const HELLO = hello.encode(new Uint8Array(16));

function startRoom(options: Partial<RoomOptions> & { readonly bus?: LocalBus } = {}, fake: FakeChannel = fakeChannel()) {
  const { bus = createLocalBus(), ...rest } = options;
  const session = room(fake, {
    relays: true,
    cookies: createCookieJar(Buffer.alloc(16, 1)),
    peers: { max: 100, ttlMs: 1000 },
    connectBus: (onMessage) => bus.connect(onMessage),
    timeOfDay: () => 0,
    membersPerIp: 64,
    ipv6Prefix: 56,
    rateMember: 2000,
    ...rest,
  });
  const keys = new Map<number, Uint8Array>();
  const keyOf = (port: number): Uint8Array => keys.get(port) ?? new Uint8Array(MEMBER_KEY_BYTES);
  const receive = (port: number, ...messages: readonly Uint8Array[]): void => session.receive(datagram(port, Buffer.concat(messages)));
  const enter = (port: number, name: string): number => {
    receive(port, HELLO);
    const [cookie] = wholeMessages(challenge, lastReply(fake, port)) ?? [];
    receive(port, join.encode(Buffer.concat([cookie!, Buffer.from(name)])));
    const [greeting] = wholeMessages(welcome, lastReply(fake, port)) ?? [];
    keys.set(port, greeting!.payload);
    return greeting!.header.member;
  };
  const says = (port: number, text: string): void => receive(port, say.encode(Buffer.concat([keyOf(port), Buffer.from(text)])));
  const leaves = (port: number): void => receive(port, leave.encode(keyOf(port)));
  const enterFrom = (address: string): ((text: string) => void) => {
    const peer = peerAt(7001, address);
    session.receive({ payload: HELLO, peer });
    const [cookie] = wholeMessages(challenge, fake.replies.at(-1)!.payload) ?? [];
    session.receive({ payload: join.encode(cookie!), peer });
    const [greeting] = wholeMessages(welcome, fake.replies.at(-1)!.payload) ?? [];
    return (text) => session.receive({ payload: say.encode(Buffer.concat([greeting!.payload, Buffer.from(text)])), peer });
  };
  return { fake, session, receive, enter, enterFrom, says, leaves, keyOf, heard: () => heardBy(fake) };
}

function lastReply(fake: FakeChannel, port: number): Uint8Array {
  return fake.replies.findLast((reply) => reply.port === port)!.payload;
}

/** What members were sent, as `PORT NAME: TEXT`. */
function heardBy(fake: FakeChannel): readonly string[] {
  return fake.copies.map(({ port, payload }) => {
    const [saying] = wholeMessages(said, payload) ?? [];
    if (saying === undefined) return `${port} !${String(Buffer.from(wholeMessages(announce, payload)![0]!))}`;
    const text = Buffer.from(saying.payload);
    return `${port} ${text.toString('utf8', 0, saying.header.nameBytes)}: ${text.toString('utf8', saying.header.nameBytes)}`;
  });
}

test('what a member says reaches every other member, the one longest silent first, and nobody else', () => {
  const { enter, heard, fake, says } = startRoom();
  for (const [port, name] of [
    [7001, 'ann'],
    [7002, 'bob'],
    [7003, ''],
  ] as const)
    enter(port, name);
  says(7001, 'hi');
  says(7003, '你好');
  expect(heard()).toEqual(['7002 ann: hi', '7003 ann: hi', '7002 : 你好', '7001 : 你好']);
  expect(fake.ends).toEqual(['7001 taken', '7003 taken']);
});

test('nothing that a stranger gets is longer than what it sent', () => {
  const sizes: [sent: number, got: number][] = [];
  const { fake, session } = startRoom();
  for (const payload of [
    HELLO,
    Buffer.concat([HELLO, say.encode(Buffer.from('hi'))]),
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
  const { fake, enter, heard, says, leaves } = startRoom();
  enter(7001, 'ann');
  enter(7002, 'bob');
  says(7003, 'let me in');
  leaves(7002);
  says(7002, 'still here?');
  says(7001, 'anybody?');
  expect(fake.ends).toEqual(['7003 not-joined', '7002 taken', '7002 not-joined', '7001 taken']);
  expect(heard()).toEqual([]);
});

test('a silent member is forgotten after its time, one that speaks is not', () => {
  const { fake, enter, heard, says } = startRoom();
  enter(7001, 'ann');
  enter(7002, 'bob');
  enter(7003, 'cy');
  fake.nowMs = 900;
  says(7001, 'one');
  fake.nowMs = 1500;
  says(7001, 'two');
  expect(heard()).toEqual(['7002 ann: one', '7003 ann: one']);
  says(7003, '?');
  expect(fake.ends.at(-1)).toBe('7003 not-joined');
});

test('joining again keeps the number and changes the name', () => {
  const { enter, heard, says } = startRoom();
  const first = enter(7001, 'ann');
  enter(7002, 'bob');
  expect(enter(7001, 'anna')).toBe(first);
  says(7001, 'hi');
  expect(heard()).toEqual(['7002 anna: hi']);
});

test('a full room refuses who comes, and nobody has to leave for it', () => {
  const { fake, session, receive, enter } = startRoom({ membersPerIp: 0 });
  for (let index = 0; index < 100; index++) enter(10_000 + index, `member ${index}`);
  receive(20_000, HELLO);
  const [cookie] = wholeMessages(challenge, lastReply(fake, 20_000)) ?? [];
  receive(20_000, join.encode(cookie!));
  expect(fake.ends.at(-1)).toBe('20000 room-full');
  expect(session.peers?.().map(({ name }) => name)).toEqual(Array.from({ length: 100 }, (_, index) => `member ${index}`));
  // Who is a member joins again.
  enter(10_000, 'renamed');
  fake.nowMs = 900;
  enter(10_000, 'renamed');
  fake.nowMs = 1100;
  enter(20_000, 'there is room now');
  expect(session.peers?.().map(({ name }) => name)).toEqual(['renamed', 'there is room now']);
});

test('one unproven address has so many places, its network four times as many, whoever else comes gets in', () => {
  const unproven = fakeChannel({ isProven: () => false });
  const { session } = startRoom({ membersPerIp: 2 }, unproven);
  const tryJoin = (address: string, port: number): string => {
    const peer = { address, port, family: 'IPv4' } as const;
    session.receive({ payload: HELLO, peer });
    const [cookie] = wholeMessages(challenge, unproven.replies.at(-1)!.payload) ?? [];
    const before = unproven.ends.length;
    session.receive({ payload: join.encode(cookie!), peer });
    return unproven.ends[before] ?? 'welcome';
  };
  expect([1, 2, 3].map((port) => tryJoin('192.0.2.1', port))).toEqual(['welcome', 'welcome', '3 members-per-ip']);
  for (let host = 2; host <= 4; host++)
    expect([tryJoin(`192.0.2.${host}`, 1), tryJoin(`192.0.2.${host}`, 2)]).toEqual(['welcome', 'welcome']);
  expect(tryJoin('192.0.2.5', 1)).toBe('1 members-per-ip');
  expect(tryJoin('198.51.100.1', 1)).toBe('welcome');
});

test('an IPv6 network of the room is as long as that of the rates', () => {
  const unproven = fakeChannel({ isProven: () => false });
  const { session } = startRoom({ membersPerIp: 1, ipv6Prefix: 64 }, unproven);
  const join6 = (address: string): string => {
    const peer = { address, port: 1, family: 'IPv6' } as const;
    session.receive({ payload: HELLO, peer });
    const [cookie] = wholeMessages(challenge, unproven.replies.at(-1)!.payload) ?? [];
    const before = unproven.ends.length;
    session.receive({ payload: join.encode(cookie!), peer });
    return unproven.ends[before] ?? 'welcome';
  };
  const ofOne = [1, 2, 3, 4, 5].map((host) => join6(`2001:db8::${host}`));
  expect(ofOne).toEqual(['welcome', 'welcome', 'welcome', 'welcome', '1 members-per-ip']);
  expect(join6('2001:db8:0:1::1')).toBe('welcome');
});

test('a message under the address of a member without its key is not said, ends no membership, and prolongs none', () => {
  const { fake, session, receive, enter, says, heard, keyOf } = startRoom();
  enter(7001, 'ann');
  enter(7002, 'bob');
  const forged = Buffer.from(keyOf(7002));
  forged[7]! ^= 1;
  for (const nowMs of [300, 600, 900]) {
    fake.nowMs = nowMs;
    says(7001, 'I am here');
    receive(7002, say.encode(forged));
    receive(7002, leave.encode(forged));
    receive(7002, say.encode(Buffer.concat([keyOf(7001), Buffer.from('as ann')])));
  }
  expect(fake.ends.filter((end) => end !== '7001 taken')).toEqual(Array.from({ length: 9 }, () => '7002 bad-key'));
  expect(heard()).toEqual(Array.from({ length: 3 }, () => '7002 ann: I am here'));
  fake.nowMs = 1001;
  expect(session.peers?.().map(({ name }) => name)).toEqual(['ann']);
});

test('joining again brings the same key; each member has its own', () => {
  const { enter, keyOf } = startRoom();
  enter(7001, 'ann');
  const first = keyOf(7001);
  enter(7002, 'bob');
  expect(keyOf(7002)).not.toEqual(first);
  enter(7001, 'anna');
  expect(keyOf(7001)).toEqual(first);
});

test('a datagram that is one message with the key of its sender is vouched for, and no other', () => {
  const { session, enter, keyOf } = startRoom();
  enter(7001, 'ann');
  const by = (port: number, payload: Uint8Array): unknown => session.vouchesFor?.(payload, datagram(port, '').peer);
  const own = say.encode(Buffer.concat([keyOf(7001), Buffer.from('hi')]));
  expect([by(7001, own), by(7001, leave.encode(keyOf(7001)))]).toEqual([true, true]);
  for (let length = 0; length < 5 + MEMBER_KEY_BYTES; length++) expect(by(7001, own.subarray(0, length))).toBe(false);
  expect([by(7002, own), by(7001, HELLO), by(7001, say.encode(Buffer.alloc(20)))]).toEqual([false, false, false]);
  // Behind the first one could be anything, such as questions that cost a cookie each.
  expect([by(7001, Buffer.concat([own, HELLO])), by(7001, Buffer.concat([own, own]))]).toEqual([false, false]);
});

test('what the unproven members of one address say is limited in copies of 512 bytes, whichever of them says it', () => {
  const { fake, receive, enter, says, keyOf } = startRoom({ rateMember: 20 }, fakeChannel({ isProven: () => false }));
  for (let index = 0; index < 5; index++) enter(7001 + index, '');
  receive(7001, ...Array.from({ length: MAX_ROOM_MESSAGES }, () => say.encode(keyOf(7001))));
  expect(fake.ends).toEqual(['7001 rate-member']);
  expect(fake.copies).toHaveLength(4 * 4);
  says(7002, 'I am of the same address');
  expect(fake.ends.at(-1)).toBe('7002 rate-member');
  fake.nowMs = 500;
  says(7001, 'x'.repeat(513));
  expect(fake.copies).toHaveLength(5 * 4);
  says(7002, '');
  expect(fake.ends.at(-1)).toBe('7002 rate-member');
});

test('a network causes four times the copies of one address, and nobody else is limited by it', () => {
  const { fake, enterFrom } = startRoom({ rateMember: 20 }, fakeChannel({ isProven: () => false }));
  const members = Array.from({ length: 9 }, (_, index) => enterFrom(`192.0.2.${index + 1}`));
  const stranger = enterFrom('198.51.100.1');
  for (const each of members) for (let message = 0; message < 3; message++) each('hi');
  const saidBy = fake.ends.filter((end) => end.endsWith('taken')).length;
  // Ten members: two messages an address, and eight a network.
  expect(saidBy).toBe(8);
  stranger('hi');
  expect(fake.ends.at(-1)).toMatch(/taken$/);
});

test('a datagram has at most 32 messages, and of one that has more none is handled', () => {
  const { fake, receive, enter, heard, keyOf } = startRoom();
  enter(7001, 'ann');
  enter(7002, 'bob');
  const one = say.encode(Buffer.concat([keyOf(7001), Buffer.from('hi')]));
  const times = (count: number): readonly Uint8Array[] => Array.from({ length: count }, () => one);
  receive(7001, ...times(MAX_ROOM_MESSAGES));
  receive(7001, ...times(MAX_ROOM_MESSAGES + 1));
  receive(7001, ...times(3800));
  expect(fake.ends).toEqual(['7001 taken', '7001 malformed', '7001 malformed']);
  expect(heard()).toHaveLength(MAX_ROOM_MESSAGES);
});

test('a datagram has at most one HELLO or JOIN: of one that has more none is handled, for each takes hashes of its own', () => {
  const { fake, receive } = startRoom();
  receive(7001, HELLO);
  const [cookie] = wholeMessages(challenge, lastReply(fake, 7001)) ?? [];
  const again = join.encode(Buffer.concat([cookie!, Buffer.from('ann')]));
  receive(7001, again);
  const before = fake.replies.length;
  for (const pair of [[HELLO, HELLO], [again, again], [HELLO, again], Array.from({ length: 32 }, () => again)]) receive(7001, ...pair);
  expect(fake.replies).toHaveLength(before);
  expect(fake.ends).toEqual(Array.from({ length: 4 }, () => '7001 malformed'));
  receive(7001, again);
  expect(fake.replies).toHaveLength(before + 1);
});

test('13,000 messages to 200 members are given in turns, within a bound, and the rest is refused', async () => {
  const { fake, receive, enter, keyOf, session } = startRoom({ peers: { max: 4096, ttlMs: 1000 } });
  for (let index = 0; index < 200; index++) enter(10_000 + index, '');
  const full = Array.from({ length: MAX_ROOM_MESSAGES }, () => say.encode(keyOf(10_000)));
  for (let count = 0; count < 13_000; count += full.length) receive(10_000, ...full);
  expect(fake.ends[0]).toBe('10000 taken');
  expect(fake.ends.at(-1)).toBe('10000 room-busy');
  // Of one turn: everybody else has a turn after it.
  expect(fake.copies.length).toBeLessThanOrEqual(256);
  await session.delivered?.(new AbortController().signal);
  expect(fake.copies.length).toBeGreaterThan(60_000);
  expect(fake.copies.length).toBeLessThan(66_000);
});

test('what waits to be given at the end is given while there is time, else counted as lost', async () => {
  let lost = 0;
  const { fake, enter, says, session } = startRoom(
    { peers: { max: 4096, ttlMs: 1000 } },
    fakeChannel({ lost: (copies) => (lost += copies) }),
  );
  for (let index = 0; index < 1000; index++) enter(10_000 + index, '');
  says(10_000, 'to all');
  await session.delivered?.(AbortSignal.abort());
  expect(fake.copies.length + lost).toBeGreaterThanOrEqual(999);
  expect(lost).toBeGreaterThan(700);
});

test('names and texts have a longest length, and one byte more is malformed', () => {
  const { fake, receive, enter, says } = startRoom();
  enter(7001, 'n'.repeat(MAX_NAME_BYTES));
  says(7001, 'x'.repeat(MAX_TEXT_BYTES));
  says(7001, 'x'.repeat(MAX_TEXT_BYTES + 1));
  receive(7001, say.encode(Buffer.alloc(MEMBER_KEY_BYTES - 1)));
  receive(7001, join.encode(Buffer.alloc(16 + MAX_NAME_BYTES + 1)));
  receive(7001, hello.encode(Buffer.alloc(15)));
  receive(7001, leave.encode(Buffer.alloc(1)));
  expect(fake.ends).toEqual(['7001 taken', ...Array.from({ length: 5 }, () => '7001 malformed')]);
});

test('what only the service says is malformed when a peer says it', () => {
  const { fake, receive } = startRoom();
  receive(7001, welcome.encode({ header: { member: 1 }, payload: new Uint8Array(0) }));
  receive(7001, announce.encode(Buffer.from('fire!')));
  receive(7001);
  expect(fake.ends).toEqual(['7001 malformed', '7001 malformed', '7001 malformed']);
});

test('members of two replicas hear each other, each message once', () => {
  const bus = createLocalBus();
  const [one, two] = [startRoom({ bus }), startRoom({ bus })];
  one.enter(7001, 'ann');
  one.enter(7002, 'bob');
  two.enter(8001, 'cy');
  one.says(7001, 'hi');
  two.says(8001, 'ho');
  expect(one.heard()).toEqual(['7002 ann: hi', '7002 cy: ho', '7001 cy: ho']);
  expect(two.heard()).toEqual(['8001 ann: hi']);
});

const words = (member: number, nameBytes: number, payload: Uint8Array): Uint8Array =>
  said.encode({ header: { member, nameBytes }, payload });

/** A room, and what gives it the messages of other replicas. */
function startWithBus(options: Partial<RoomOptions> = {}) {
  const onMessages: OnBusMessage[] = [];
  const started = startRoom({
    ...options,
    connectBus(onMessage) {
      onMessages.push(onMessage);
      return createLocalBus().connect(onMessage);
    },
  });
  return { ...started, give: onMessages[0]! };
}

test('what comes over the bus and is no message of a replica reaches nobody', () => {
  const { enter, heard, give } = startWithBus();
  enter(7001, 'ann');
  expect([Buffer.from('garbage'), Buffer.alloc(0), say.encode(Buffer.from('x')), HELLO].map((message) => give(message))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  const bad = [
    words(5, 4, Buffer.from('ann')),
    words(5, MAX_NAME_BYTES + 1, Buffer.alloc(60)),
    words(5, 3, Buffer.alloc(3 + MAX_TEXT_BYTES + 1)),
    words(0, 3, Buffer.from('annhi')),
    announce.encode(Buffer.alloc(MAX_TEXT_BYTES + 1)),
    announce.encode(Buffer.alloc(65_000)),
    Buffer.concat([announce.encode(Buffer.from('one')), announce.encode(Buffer.from('two'))]),
    ...Array.from({ length: 13 }, (_, length) => words(5, 3, Buffer.from('bobhi')).subarray(0, length)),
  ];
  expect(bad.map((message) => give(message))).toEqual(bad.map(() => false));
  expect(give(announce.encode(Buffer.from('all')))).toBe(true);
  expect(heard()).toEqual(['7001 !all']);
});

test('however much another replica gives, what is said here is given, and of it too what others say', async () => {
  const { fake, enter, says, give, heard, session } = startWithBus({ peers: { max: 4096, ttlMs: 1000 }, rateMember: 100_000 });
  for (let index = 0; index < 100; index++) enter(10_000 + index, `m${index}`);
  const taken = Array.from({ length: 20_000 }, (_, index) => give(words(1 + (index % 50), 3, Buffer.from('eve!')))).filter(Boolean).length;
  // 65,536 copies wait at most, and 256 are given in a turn.
  expect(taken).toBe(Math.floor((65_536 + 256) / 100));
  says(10_000, 'am I heard?');
  expect(fake.ends).toEqual(['10000 taken']);
  // One turn later, and not behind what came over the bus.
  await nextTurn();
  expect(heard().filter((line) => line.endsWith('m0: am I heard?'))).toHaveLength(99);
  session.close();
  expect(give(words(5, 3, Buffer.from('eve!')))).toBe(false);
});

test('one member of another replica is limited in copies, and others of it are heard', () => {
  const { fake, enter, give } = startWithBus({ rateMember: 20 });
  for (let index = 0; index < 5; index++) enter(7001 + index, '');
  const by = (member: number): boolean => give(words(member, 3, Buffer.from('evehi')));
  expect(Array.from({ length: 6 }, () => by(5))).toEqual([true, true, true, true, false, false]);
  expect(by(6)).toBe(true);
  expect(give(announce.encode(Buffer.from('all')))).toBe(true);
  expect(fake.copies).toHaveLength(6 * 5);
});

test('what waits keeps no memory but its own', async () => {
  const { fake, enter, give, session } = startWithBus();
  for (let index = 0; index < 60; index++) enter(7001 + index, '');
  const read = Buffer.concat([words(5, 3, Buffer.from('evehi')), Buffer.alloc(60_000)]);
  for (let index = 0; index < 10; index++) expect(give(read.subarray(0, 15))).toBe(true);
  await session.delivered?.(new AbortController().signal);
  expect(fake.copies).toHaveLength(600);
  for (const { payload } of fake.copies) expect(payload.buffer.byteLength).toBeLessThan(100);
});

test('one-to-many: members are heard by the operator and not by each other', () => {
  const { enter, heard, fake, says } = startRoom({ relays: false });
  enter(7001, 'ann');
  enter(7002, 'bob');
  says(7001, 'question');
  expect(heard()).toEqual([]);
  expect(fake.ends).toEqual(['7001 taken']);
});

/** Lines that an operator is shown of three members of one address who say 150 each at once. */
function shownBy(isProven: boolean): number {
  const shown: string[] = [];
  const console = {
    print: (text: string) => shown.push(text),
    actOn: () => undefined,
    ask: () => new Promise<undefined>(() => undefined),
  };
  const options = { relays: false, rateMember: Infinity, console: console as unknown as CommandConsole };
  const { enter, says } = startRoom(options, fakeChannel({ isProven: () => isProven }));
  for (const port of [7001, 7002, 7003]) {
    enter(port, 'ann');
    for (let line = 0; line < 150; line++) says(port, 'blah');
  }
  return shown.filter((line) => line.endsWith(' ann: blah')).length;
}

test('the operator is shown 100 lines a second of one member, and of all members of an address that is not trusted', () => {
  expect([shownBy(true), shownBy(false)]).toEqual([300, 100]);
});
