import { boundUdp } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { startRoom, startUdp } from './services.ts';
import { chatSetup } from './setup.ts';

/** The bytes of HELLO, and of a challenge and a welcome as a room sends them. */
const HELLO = Buffer.concat([Buffer.from('534c010010', 'hex'), Buffer.alloc(16)]);
const CHALLENGE = Buffer.concat([Buffer.from('534c020010', 'hex'), Buffer.alloc(16, 7)]);
const WELCOME = Buffer.from(`534c04000c00000009${'4b'.repeat(8)}`, 'hex');

describe('in the room of udp-multi', () => {
  test('it joins with a cookie, and two chats hear each other by name', async () => {
    await using room = await startRoom();
    await using setup = chatSetup();
    const [ann, bob] = [
      await setup.open({ transport: 'udp', address: room.address, name: 'ann' }),
      await setup.open({ transport: 'udp', address: room.address, name: 'bob' }),
    ];
    const [{ member }] = [await ann.next('joined'), await bob.next('joined')];
    expect(ann.events().map((event) => (event.type === 'handshake' ? `${event.direction} ${event.message}` : event.type))).toEqual([
      'opening',
      'connected',
      'sent HELLO',
      'received CHALLENGE',
      'sent JOIN',
      'received WELCOME',
      'joined',
    ]);
    expect(await ann.say('hi')).toMatchObject({
      status: 200,
      body: { wire: { hex: expect.stringMatching(/^534c05000a[\da-f]{16}6869$/), byteLength: 15, textAt: 13, textBytes: 2 } },
    });
    const heard = await bob.next('received');
    expect(heard).toMatchObject({ from: { type: 'member', number: member, name: 'ann' }, text: 'hi', reads: null });
    expect(Buffer.from(heard.wire.hex, 'hex').toString('latin1', heard.wire.textAt!)).toBe('hi');
    await bob.say('');
    expect(await ann.next('received')).toMatchObject({ from: { name: 'bob' }, text: '', wire: { textBytes: 0 } });
  });

  test('the operator is heard by all', async () => {
    await using room = await startUdp(['--topology', 'one-to-many']);
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'udp', address: room.address });
    await chat.next('joined');
    room.program.write('/all dinner\n');
    expect(await chat.next('received')).toMatchObject({ from: { type: 'operator' }, text: 'dinner', wire: { textAt: 5 } });
  });

  test('to leave says so: the room does not know it any more', async () => {
    await using server = await boundUdp();
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'udp', address: `127.0.0.1:${server.port}`, name: 'ann' });
    const hello = await server.next();
    expect(hello.payload).toEqual(HELLO);
    await server.send(CHALLENGE, hello.peer.port);
    expect((await server.next()).payload.toString('latin1')).toBe(`SL\u0003\0\u0013${'\u0007'.repeat(16)}ann`);
    await server.send(WELCOME, hello.peer.port);
    expect(await chat.next('joined')).toMatchObject({ member: 9 });
    expect(await chat.leave()).toMatchObject({ state: 'done' });
    expect((await server.next()).payload.toString('latin1')).toBe('SL\u0007\0\u0008KKKKKKKK');
    expect(chat.events().at(-1)).toMatchObject({ type: 'ended', reason: 'left' });
  });

  test('what is lost while it joins is sent again, and what is no message of a room is passed over', async () => {
    await using server = await boundUdp();
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'udp', address: `127.0.0.1:${server.port}` });
    const { peer } = await server.next();
    for (const noise of ['', 'x', 'SL', 'SL\u0006\0\u0001\0', 'SL\u0004\0\u0001\0'])
      await server.send(Buffer.from(noise, 'latin1'), peer.port);
    // Each challenge is answered: of many in one datagram none is.
    await server.send(Buffer.concat(Array.from({ length: 33 }, () => CHALLENGE)), peer.port);
    expect((await server.next()).payload).toEqual(HELLO);
    // Two in one datagram are two messages.
    await server.send(Buffer.concat([CHALLENGE, WELCOME]), peer.port);
    expect(await chat.next('joined')).toMatchObject({ member: 9 });
    expect(chat.events().filter(({ type }) => type === 'received')).toEqual([]);
  });

  test('a service without a room lets nobody in, and that is said', async () => {
    await using echo = await startUdp();
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'udp', address: echo.address });
    const { reason, text } = await chat.next('ended');
    expect(reason).toBe('failed');
    expect(text.en).toMatch(/admitted nobody within 5000 ms: it has no room/);
    await chat.job.ended;
    expect(chat.job.summary.state).toBe('failed');
  });

  test('leaving while nobody has let it in yet ends it at once', async () => {
    await using server = await boundUdp();
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'udp', address: `127.0.0.1:${server.port}` });
    await server.next();
    expect(await chat.say('early')).toMatchObject({ status: 409, body: { error: 'the connection is not open yet' } });
    expect(await chat.leave()).toMatchObject({ state: 'done' });
    expect(chat.events().at(-1)).toMatchObject({ type: 'ended', reason: 'left' });
  });
});

describe('plain datagrams', () => {
  test('each message is a datagram, and what comes back is heard as it came', async () => {
    await using echo = await startUdp();
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'udp', address: echo.address, room: false, quit: '' });
    expect((await chat.next('connected')).remote).toBe(echo.address);
    await chat.say('one');
    expect(await chat.next('received')).toMatchObject({
      from: { type: 'peer' },
      text: 'one',
      reads: null,
      wire: { hex: '6f6e65', byteLength: 3, textAt: 0, textBytes: 3 },
    });
    expect(await chat.leave()).toMatchObject({ state: 'done' });
  });

  test('nothing that listens is told by the system, and ends it', async () => {
    const gone = await boundUdp();
    await gone.close();
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'udp', address: `127.0.0.1:${gone.port}`, room: false });
    await chat.next('connected');
    await chat.say('anybody?');
    expect(await chat.next('ended')).toMatchObject({
      reason: 'failed',
      sent: 1,
      text: { en: `127.0.0.1:${gone.port} refused: nothing listens there` },
    });
  });

  test('the operator of udp-multi is told q', async () => {
    await using operator = await startUdp(['--session', 'operator']);
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'udp', address: operator.address, room: false });
    await chat.next('connected');
    await chat.say('hello');
    await operator.program.line(/ : hello$/);
    operator.program.write('and you\n');
    expect(await chat.next('received')).toMatchObject({ text: 'and you' });
    await chat.leave();
    await operator.program.line(/ : q$/);
  });

  test('IPv6 is spoken too', async () => {
    await using server = await boundUdp('::1');
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'udp', address: `[::1]:${server.port}`, room: false });
    expect((await chat.next('connected')).local).toMatch(/^\[::1\]:\d+$/);
    await chat.say('six');
    expect((await server.next()).text).toBe('six');
  });
});
