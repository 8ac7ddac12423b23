import { setImmediate as nextTurn } from 'node:timers/promises';
import { challenge, hello, join, MAX_ROOM_MESSAGES, say, wholeMessages } from '@socklab/client/room';
import { boundUdp } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { adminOf, scrape } from '../scrape.ts';
import { startServer } from '../start.ts';
import { longestTurnMs, measureTurns, TURNS_ENVIRONMENT } from '../turns.ts';
import { enterRoom } from './room-client.ts';
import type { RoomClient } from './room-client.ts';

const ROOM = ['--topology', 'many-to-many', '--admin', '127.0.0.1:0'];

/** As many of a message as one datagram may have. */
const filled = (message: Uint8Array, count: number = MAX_ROOM_MESSAGES): Uint8Array =>
  Buffer.concat(Array.from({ length: count }, () => message));

test('in a room each message reaches every other member', async () => {
  await using server = await startServer(ROOM);
  await using ann = await enterRoom(server.port, 'ann');
  await using bob = await enterRoom(server.port, 'bob');
  await using cy = await enterRoom(server.port, 'cy');
  await ann.say('hi');
  expect(await Promise.all([bob.hear(), cy.hear()])).toEqual(['ann: hi', 'ann: hi']);
  await bob.say('你好');
  expect(await Promise.all([ann.hear(), cy.hear()])).toEqual(['bob: 你好', 'bob: 你好']);
  expect(ann.peer.waiting + bob.peer.waiting + cy.peer.waiting).toBe(0);
  expect(await scrape(server.program)).toMatchObject({ members: 3, copies_sent_total: 4, taken_total: 2, datagrams_sent_total: 6 });
  expect(await (await fetch(`${await adminOf(server.program)}/peers`)).json()).toMatchObject([
    { name: 'cy' },
    { name: 'ann' },
    { name: 'bob' },
  ]);
});

test('over IPv6 as well', async () => {
  await using server = await startServer(ROOM, { host: '[::1]' });
  await using ann = await enterRoom(server.port, 'ann', '::1');
  await using bob = await enterRoom(server.port, 'bob', '::1');
  await ann.say('hi');
  expect(await bob.hear()).toBe('ann: hi');
});

test('a cookie replayed from another port joins nobody, and a stranger is neither heard nor told anything', async () => {
  await using server = await startServer(ROOM);
  await using honest = await boundUdp();
  await using thief = await boundUdp();
  await honest.send(hello.encode(new Uint8Array(16)), server.port);
  const [cookie] = wholeMessages(challenge, (await honest.next()).payload) ?? [];
  await thief.send(join.encode(cookie!), server.port);
  await thief.send(say.encode(Buffer.from('(no key) let me in')), server.port);
  await using ann = await enterRoom(server.port, 'ann');
  await using bob = await enterRoom(server.port, 'bob');
  await ann.say('hi');
  expect(await bob.hear()).toBe('ann: hi');
  expect(thief.waiting).toBe(0);
  expect(await scrape(server.program)).toMatchObject({
    'datagrams_dropped_total{reason="bad-cookie"}': 1,
    'datagrams_dropped_total{reason="not-joined"}': 1,
    members: 2,
  });
});

test('one-to-many: what the operator types all members hear, and the operator hears them', async () => {
  await using server = await startServer(['--topology', 'one-to-many']);
  await using ann = await enterRoom(server.port, 'ann');
  await using bob = await enterRoom(server.port, 'bob');
  await bob.say('is it time?');
  await server.program.line(new RegExp(String.raw`\('127\.0\.0\.1', ${bob.peer.port}\) bob: is it time\?$`));
  server.program.write('it is time\n');
  expect(await Promise.all([ann.hear(), bob.hear()])).toEqual(['!it is time', '!it is time']);
  server.program.write('/to #1 only for you\n');
  expect(await ann.hear()).toBe('!only for you');
  server.program.write('/block #2\n');
  await server.program.line(/^blocked /);
  await bob.say('hello?');
  expect(await server.program.log('datagram dropped')).toMatchObject({ reason: 'blocked' });
  server.program.write('/quit\n');
  expect((await server.program.exit()).code).toBe(0);
  expect(ann.peer.waiting + bob.peer.waiting).toBe(0);
});

test('one-to-many: a member who says a great deal at once does not hide what others say, and the rest is counted', async () => {
  await using server = await startServer(['--topology', 'one-to-many']);
  await using ann = await enterRoom(server.port, 'ann');
  await using bob = await enterRoom(server.port, 'bob');
  const words = say.encode(Buffer.concat([ann.key, Buffer.from('blah')]));
  for (let index = 0; index < 20; index++) await ann.peer.send(filled(words), server.port);
  await bob.say('is it time?');
  await server.program.line(new RegExp(String.raw`', ${bob.peer.port}\) bob: is it time\?$`));
  await server.program.line(new RegExp(String.raw`', ${ann.peer.port}\): 540 more messages that are not shown$`));
  expect(server.program.output().stdout.match(/ ann: blah$/gm)).toHaveLength(100);
});

test('many-to-many with an operator: hears all and says something to all', async () => {
  await using server = await startServer([...ROOM, '--session', 'operator']);
  await using ann = await enterRoom(server.port, 'ann');
  await ann.say('hello?');
  await server.program.line(/ ann: hello\?$/);
  server.program.write('welcome\n');
  expect(await ann.hear()).toBe('!welcome');
  server.program.endInput();
  expect((await server.program.exit()).code).toBe(0);
});

test('a full room lets nobody in until a member has gone', async () => {
  await using server = await startServer([...ROOM, '--peers-max', '2']);
  await using ann = await enterRoom(server.port, 'ann');
  const bob = await enterRoom(server.port, 'bob');
  await expect(enterRoom(server.port, 'cy', undefined, AbortSignal.timeout(500))).rejects.toThrow();
  expect(await scrape(server.program)).toMatchObject({ members: 2, 'datagrams_dropped_total{reason="room-full"}': 1 });
  await bob.leave();
  await using cy = await enterRoom(server.port, 'cy');
  await ann.say('hello cy');
  expect(await cy.hear()).toBe('ann: hello cy');
  await bob[Symbol.asyncDispose]();
});

test('while members flood the room, others are heard, no turn takes 50 ms, and SIGTERM ends it in time', async () => {
  await using server = await startServer(
    [...ROOM, '--trust', 'none', '--members-per-ip', '0', '--rate-ip', 'off', '--drain-timeout', '2s'],
    {
      host: '0.0.0.0',
      env: TURNS_ENVIRONMENT,
    },
  );
  const { program, port } = server;
  const members = await Promise.all(Array.from({ length: 60 }, (_, index) => enterRoom(port, `m${index}`, `127.0.${index}.1`)));
  const [honest, listener] = members as [RoomClient, RoomClient];
  // Two of one address, whose copies are of one budget, and who ask for as much as a datagram can: with cookies, which cost most.
  const flooders = [await enterRoom(port, 'f1', '127.1.0.1'), await enterRoom(port, 'f2', '127.1.0.1')];
  const floods = flooders.flatMap(({ key, cookie }) => [
    say.encode(key),
    filled(say.encode(key)),
    filled(say.encode(key), 3800),
    filled(join.encode(cookie), 3000),
    filled(join.encode(cookie)),
    filled(hello.encode(new Uint8Array(16))),
  ]);
  const admin = await adminOf(program);
  await measureTurns(program);
  for (let round = 0; round < 20; round++) {
    for (const flooder of flooders) for (const flood of floods) await flooder.peer.send(flood, port);
    await honest.say(`round ${round}`);
    for (let heard = await listener.hear(); heard !== `m0: round ${round}`; heard = await listener.hear());
    expect((await fetch(`${admin}/livez`)).status).toBe(200);
  }
  const metrics = await scrape(program);
  expect(metrics['datagrams_dropped_total{reason="rate-member"}']).toBeGreaterThan(10);
  for (const flood of floods) await flooders[0]!.peer.send(flood, port);
  program.signal('SIGTERM');
  expect((await program.exit()).code).toBe(0);
  expect(await longestTurnMs(program)).toBeLessThan(50);
  for (const member of [...members, ...flooders]) await member[Symbol.asyncDispose]();
});

test('SIGTERM under load: what was taken is answered or explained, exit 0', async () => {
  await using server = await startServer(ROOM);
  await using ann = await enterRoom(server.port, 'ann');
  await using bob = await enterRoom(server.port, 'bob');
  const over = new AbortController();
  const load = (async (): Promise<void> => {
    for (let index = 0; !over.signal.aborted; index++) {
      await ann.say(`number ${index}`);
      // A send is done in the same turn of the event loop; without another one nothing is ever received.
      await nextTurn();
    }
  })();
  await bob.hear();
  server.program.signal('SIGTERM');
  expect((await server.program.exit()).code).toBe(0);
  over.abort();
  await load;
  expect(await server.program.log('drained')).toMatchObject({ cut: false });
});
