import { describe, expect, test } from 'vitest';
import { startOperator } from './services.ts';
import { chatSetup } from './setup.ts';

describe('a chat is refused', () => {
  test.each([
    ['no address', { transport: 'tcp', address: 'nowhere' }, 'address', /"nowhere" is not an address/],
    ['port 0', { transport: 'tcp', address: '127.0.0.1:0' }, 'address', /is not an address/],
    ['a socket file', { transport: 'tcp', address: 'unix:/run/some.sock' }, 'address', /allowed: HOST:PORT/],
    [
      'an address of others',
      { transport: 'tcp', address: '93.184.216.34:80' },
      'address',
      /neither on this machine nor in a private network/,
    ],
    ['others over UDP', { transport: 'udp', address: '[2606:2800:220:1::1]:53' }, 'address', /talks to no others/],
    ['an unknown transport', { transport: 'sctp', address: '127.0.0.1:9' }, 'transport', /transport/],
    ['an unknown framing', { transport: 'tcp', address: '127.0.0.1:9', framing: 'morse' }, 'framing', /morse/],
    ['a framing for datagrams', { transport: 'udp', address: '127.0.0.1:9', framing: 'line' }, 'framing', /each datagram is a message/],
    ['a room over TCP', { transport: 'tcp', address: '127.0.0.1:9', room: true }, 'room', /is for udp/],
    ['a name outside a room', { transport: 'udp', address: '127.0.0.1:9', room: false, name: 'ann' }, 'name', /is for a room/],
    ['a name of 34 bytes', { transport: 'udp', address: '127.0.0.1:9', name: 'ü'.repeat(17) }, 'name', /34/],
    ['a quit word in a room', { transport: 'udp', address: '127.0.0.1:9', quit: 'q' }, 'quit', /not for a room/],
    ['a long quit word', { transport: 'tcp', address: '127.0.0.1:9', quit: 'q'.repeat(33) }, 'quit', /33/],
    ['no address at all', { transport: 'tcp' }, 'address', /address/],
  ])('%s', async (_, body, field, error) => {
    await using setup = chatSetup();
    const answer = await setup.post('/api/chats', body);
    expect(answer).toMatchObject({ status: 422, body: { field, error: expect.stringMatching(error), zh: expect.any(String) } });
  });

  test('when there are as many as there may be, until one is left', async () => {
    await using echo = await startOperator([], 'echo');
    await using setup = chatSetup({ maxChats: 2 });
    const request = { transport: 'tcp', address: echo.address } as const;
    const [first] = [await setup.open(request), await setup.open(request)];
    expect(await setup.post('/api/chats', request)).toMatchObject({
      status: 429,
      body: { error: expect.stringMatching(/^2 chats are under way/) },
    });
    await first.leave();
    await setup.open(request);
  });
});

describe('a message is refused', () => {
  test('one byte over 1024, and not at it', async () => {
    await using echo = await startOperator([], 'echo');
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'tcp', address: echo.address, framing: 'raw' });
    await chat.next('connected');
    expect(await chat.say(`${'é'.repeat(512)}!`)).toMatchObject({
      status: 422,
      body: { field: 'text', error: 'a text of 1025 bytes; allowed: 1024' },
    });
    expect(await chat.say('é'.repeat(512))).toMatchObject({ status: 200 });
  });

  test('when the framing cannot carry it', async () => {
    await using echo = await startOperator(['--framing', 'line'], 'echo');
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'tcp', address: echo.address, framing: 'line' });
    await chat.next('connected');
    expect(await chat.say('two\nlines')).toMatchObject({
      status: 422,
      body: { field: 'text', error: expect.stringContaining('FRAME_ERR_PAYLOAD') },
    });
    await chat.say('one line');
    expect(await chat.next('received')).toMatchObject({ text: 'one line' });
  });

  test('when it is empty and nothing frames it; framed, it is a message like others', async () => {
    await using echo = await startOperator([], 'echo');
    await using framed = await startOperator(['--framing', 'u8'], 'echo');
    await using setup = chatSetup();
    const raw = await setup.open({ transport: 'tcp', address: echo.address });
    await raw.next('connected');
    expect(await raw.say('')).toMatchObject({ status: 422, body: { field: 'text' } });
    const chat = await setup.open({ transport: 'tcp', address: framed.address, framing: 'u8' });
    await chat.next('connected');
    await chat.say('');
    expect(await chat.next('received')).toMatchObject({ text: '', wire: { hex: '00', textBytes: 0, textAt: null } });
  });

  test('when the chat is over, and when there never was one', async () => {
    await using echo = await startOperator([], 'echo');
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'tcp', address: echo.address });
    await chat.next('connected');
    await chat.leave();
    expect(await chat.say('late')).toMatchObject({ status: 409, body: { error: 'the chat is over: nothing more can be sent' } });
    expect(await setup.post('/api/chats/nope/messages', { text: 'x' })).toMatchObject({ status: 404 });
    expect(await setup.post(`/api/chats/${chat.job.id}/messages`, { words: 'x' })).toMatchObject({ status: 422, body: { field: 'text' } });
  });

  test('once there were as many as one chat may have', async () => {
    await using discard = await startOperator([], 'discard');
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'tcp', address: discard.address });
    await chat.next('connected');
    for (let said = 0; said < 2000; said += 1) await chat.say('x');
    expect(await chat.say('x')).toMatchObject({ status: 409 });
    expect(await chat.next('ended')).toMatchObject({ reason: 'limit', sent: 2001, received: 0 });
  });
});
