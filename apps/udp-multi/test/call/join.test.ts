import { joinRoom, wholeMessages, challenge, envelope, MAX_ROOM_MESSAGES, MEMBER_KEY_BYTES, TYPE, welcome } from '@socklab/client/room';
import { startTerminal, terminalAvailable } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { enterRoom } from '../room/room-client.ts';
import { startServer } from '../start.ts';
import { clientCommand, serving, startCall } from './call-servers.ts';
import type { MemberOptions } from '@socklab/client/room';

const ROOM = ['--topology', 'many-to-many'];

const at = (port: number): string => `127.0.0.1:${port}`;

const member = (port: number, options: Partial<MemberOptions> = {}): MemberOptions => ({
  target: { host: '127.0.0.1', port },
  name: Buffer.from('ann'),
  timeoutMs: 5000,
  rejoinMs: 60_000,
  onHeard: () => undefined,
  onPresence: () => undefined,
  ...options,
});

test('lines are said to the others, what they say is printed, and the end of input leaves', async () => {
  await using server = await startServer(ROOM);
  await using bob = await enterRoom(server.port, 'bob');
  await using ann = startCall('join', at(server.port), '--name', 'ann');
  await ann.line(/^joined$/, 'stderr');
  ann.write('hello\n\n');
  expect([await bob.hear(), await bob.hear()]).toEqual(['ann: hello', 'ann: ']);
  await bob.say('hi\u001b[2J');
  await ann.line(/^bob: hi\S+$/);
  expect(ann.output().stdout).not.toContain('\u001b');
  ann.endInput();
  expect(await ann.exit()).toMatchObject({ code: 0, stderr: 'joined\n' });
});

test('a member without a name is known by its number, and a text that is too long is not said', async () => {
  await using server = await startServer(ROOM);
  await using bob = await enterRoom(server.port, '');
  await using ann = startCall('join', at(server.port));
  await ann.line(/^joined$/, 'stderr');
  await bob.say('who');
  await ann.line((line) => line === `#${bob.id}: who`);
  ann.write(`${'x'.repeat(1201)}\n${'x'.repeat(1200)}\n`);
  await ann.line(/^a text of 1201 bytes is not sent; allowed: 1200$/, 'stderr');
  expect(await bob.hear()).toBe(`: ${'x'.repeat(1200)}`);
});

test('a name that makes its line look like one of another is behind the number', async () => {
  await using server = await startServer(ROOM);
  await using ann = startCall('join', at(server.port));
  await ann.line(/^joined$/, 'stderr');
  for (const name of ['* closing', '#7', 'bob: hello', ' ']) {
    await using bob = await enterRoom(server.port, name);
    await bob.say('see http://192.0.2.1');
    await ann.line((line) => line === `#${bob.id} ${name}: see http://192.0.2.1`);
  }
});

test('the operator is heard', async () => {
  await using server = await startServer(['--topology', 'one-to-many']);
  await using ann = startCall('join', at(server.port));
  await ann.line(/^joined$/, 'stderr');
  server.program.write('/all dinner\n');
  await ann.line(/^\* dinner$/);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s leaves politely, and exits with 0', async (name) => {
  const left = Promise.withResolvers<void>();
  await using server = await room({ onLeave: () => left.resolve() });
  await using ann = startCall('join', at(server.target.port));
  await ann.line(/^joined$/, 'stderr');
  ann.signal(name);
  expect(await ann.exit()).toMatchObject({ code: 0 });
  await left.promise;
});

test('an interrupt while nobody answers yet ends it', async () => {
  const asked = Promise.withResolvers<void>();
  await using server = await serving(() => asked.resolve());
  await using ann = startCall('join', at(server.target.port), '--timeout', '1h');
  await asked.promise;
  ann.signal('SIGINT');
  expect(await ann.exit()).toMatchObject({ code: 1, stderr: 'udp-multi: stopped before it joined (CLIENT_ERR_INTERRUPTED)\n' });
});

test('what gets lost while joining is sent again', async () => {
  await using server = await room({ loses: (index) => index === 0 || index === 2 });
  const ann = await joinRoom(member(server.target.port));
  expect(ann.number).toBe(7);
  await ann.leave();
});

test('it joins again, with a new cookie, before it is forgotten', async () => {
  const names: string[] = [];
  const again = Promise.withResolvers<void>();
  await using server = await room({
    onJoin: (name) => {
      if (names.push(name) === 3) again.resolve();
    },
  });
  const ann = await joinRoom(member(server.target.port, { rejoinMs: 20 }));
  await again.promise;
  expect(names).toEqual(['ann', 'ann', 'ann']);
  await ann.leave();
});

test('a server that is silent for a while is told once, and so is its return', async () => {
  const presence: boolean[] = [];
  const [gone, back] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isSilent = false;
  await using server = await room({ loses: () => isSilent });
  const ann = await joinRoom(
    member(server.target.port, {
      rejoinMs: 20,
      onPresence: (isMember) => {
        presence.push(isMember);
        if (!isMember) gone.resolve();
        else if (presence.length > 2) back.resolve();
      },
    }),
  );
  isSilent = true;
  await gone.promise;
  isSilent = false;
  await back.promise;
  expect(presence).toEqual([true, false, true]);
  await ann.leave();
});

test('a server without a room is one line and exit code 1', async () => {
  await using server = await startServer(['--session', 'discard']);
  await using ann = startCall('join', at(server.port), '--timeout', '200ms');
  expect(await ann.exit()).toMatchObject({
    code: 1,
    stderr: `udp-multi: ${at(server.port)} admitted nobody within 200 ms: it has no room, or does not answer (CLIENT_ERR_NOT_JOINED)\n`,
  });
});

test('nothing that listens is one line and exit code 1', async () => {
  await using server = await serving(() => undefined);
  await server[Symbol.asyncDispose]();
  await using ann = startCall('join', at(server.target.port));
  expect(await ann.exit()).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/ refused: nothing listens on that UDP port \(CLIENT_ERR_REFUSED\)\n$/),
  });
});

test('datagrams that are no messages of a room are passed over', async () => {
  let joins = 0;
  await using server = await serving((datagram, answer) => {
    for (const noise of ['', 'x', 'SL', 'SL\u0006\0\u0001\0']) answer(Buffer.from(noise, 'latin1'));
    // A member without a key could say nothing, and each challenge is answered.
    answer(welcome.encode({ header: { member: 9 }, payload: new Uint8Array(0) }));
    answer(Buffer.concat(Array.from({ length: MAX_ROOM_MESSAGES + 1 }, () => challenge.encode(new Uint8Array(16)))));
    joins += wholeMessages(envelope, datagram)![0]!.header.type === TYPE.join ? 1 : 0;
    answerAsRoom(datagram, answer);
  });
  const ann = await joinRoom(member(server.target.port));
  expect([ann.number, joins]).toEqual([7, 1]);
  await ann.leave();
});

test('a name of more than 32 bytes is wrong usage', async () => {
  await using ann = startCall('join', '127.0.0.1:1', '--name', 'ü'.repeat(17));
  expect(await ann.exit()).toMatchObject({ code: 2, stderr: expect.stringContaining('a name of 34 bytes; allowed: 32.') });
});

test.skipIf(!terminalAvailable())('on a terminal what others say stands above the prompt', async () => {
  await using server = await startServer(ROOM);
  await using bob = await enterRoom(server.port, 'bob');
  await using terminal = startTerminal(clientCommand(['join', at(server.port), '--name', 'ann']));
  await terminal.waitFor(/joined\n>>> $/);
  await bob.say('hi');
  await terminal.waitFor(/bob: hi\n>>> $/);
  terminal.enter('hello');
  expect(await bob.hear()).toBe('ann: hello');
  terminal.write('\u0004');
  expect((await terminal.exit()).code).toBe(0);
});

interface RoomScript {
  /** Whether to lose the datagram, by its index. */
  readonly loses?: (index: number) => boolean;
  readonly onJoin?: (name: string) => void;
  readonly onLeave?: () => void;
}

/** A room of one member, whose number is 7. */
async function room({ loses = () => false, onJoin, onLeave }: RoomScript) {
  let index = -1;
  return serving((datagram, answer) => {
    index += 1;
    const [message] = wholeMessages(envelope, datagram) ?? [];
    if (message === undefined || loses(index)) return;
    if (message.header.type === TYPE.join) onJoin?.(Buffer.from(message.payload.subarray(16)).toString());
    if (message.header.type === TYPE.leave) onLeave?.();
    answerAsRoom(datagram, answer);
  });
}

function answerAsRoom(datagram: Buffer, answer: (payload: Uint8Array) => void): void {
  const [message] = wholeMessages(envelope, datagram) ?? [];
  if (message?.header.type === TYPE.hello) answer(challenge.encode(Buffer.alloc(16, 1)));
  if (message?.header.type === TYPE.join) answer(welcome.encode({ header: { member: 7 }, payload: new Uint8Array(MEMBER_KEY_BYTES) }));
}
