import { once } from 'node:events';
import { createServer } from 'node:net';
import { listening, readAll, receive } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { openTcpChannel } from '../../../src/pages/chat/channels/tcp-channel.ts';
import { startOperator } from './services.ts';
import { chatSetup } from './setup.ts';
import type { ChatListener } from '../../../src/pages/chat/channels/channel.ts';
import type { Socket } from 'node:net';

const ignore = (): void => undefined;
const IGNORING: ChatListener = { connected: ignore, handshake: ignore, joined: ignore, absent: ignore, heard: ignore, over: ignore };

/** A server for one connection at a time, led by the test. */
async function peer() {
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  const port = await listening(server);
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket.on('error', () => undefined)));
  return {
    address: `127.0.0.1:${port}`,
    accepted: async (): Promise<Socket> => ((await once(server, 'connection')) as [Socket])[0],
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      if (server.listening) await once(server, 'close');
    },
  };
}

describe('with the operator session of tcp-echo', () => {
  test.each(['raw', 'i32le', 'line', 'netstring'])('%s: both sides speak, each message with its bytes', async (framing) => {
    await using operator = await startOperator(['--framing', framing]);
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'tcp', address: operator.address, framing });
    const { remote } = await chat.next('connected');
    expect(remote).toBe(operator.address);
    operator.program.write('你好\n');
    const heard = await chat.next('received');
    expect(heard).toMatchObject({ from: { type: 'peer' }, text: '你好', reads: { first: 1, last: 1 } });
    expect(await chat.say('hello')).toMatchObject({ status: 200, body: { type: 'sent', text: 'hello' } });
    await operator.program.line(/ : hello$/);
    const said = await chat.next('sent');
    for (const { wire, text } of [heard, said]) {
      const bytes = Buffer.from(wire.hex, 'hex');
      expect(bytes.length).toBe(wire.byteLength);
      expect(bytes.toString('utf8', wire.textAt!, wire.textAt! + wire.textBytes)).toBe(text);
    }
    const expected = { raw: 'hello', i32le: '\u0005\0\0\0hello', line: 'hello\n', netstring: '5:hello,' }[framing]!;
    expect(Buffer.from(said.wire.hex, 'hex').toString()).toBe(expected);
  });

  test('to leave says q first, which ends the conversation there', async () => {
    await using operator = await startOperator();
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'tcp', address: operator.address });
    operator.program.write('hi\n');
    await chat.next('received');
    expect(await chat.leave()).toMatchObject({ state: 'done', kind: 'chat' });
    await operator.program.line(/ : q$/);
    expect(await operator.program.log('connection closed')).toMatchObject({ reason: 'quit' });
    expect(chat.events().at(-1)).toMatchObject({ type: 'ended', reason: 'left', sent: 1, received: 1 });
    expect(chat.job.result).toEqual({ sent: 1, received: 1 });
  });

  test.each(['operator', 'chat'])('the quit word of the %s ends it', async (who) => {
    await using operator = await startOperator();
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'tcp', address: operator.address });
    operator.program.write('hi\n');
    await chat.next('received');
    await chat.say('hello');
    await operator.program.line(/ : hello$/);
    if (who === 'operator') operator.program.write('q\n');
    else await chat.say('q');
    expect(await chat.next('ended')).toMatchObject({ reason: 'quit' });
    await chat.job.ended;
    expect(chat.job.summary.state).toBe('done');
  });

  test('the second one waits in line until the first one leaves', async () => {
    await using operator = await startOperator();
    await using setup = chatSetup();
    const first = await setup.open({ transport: 'tcp', address: operator.address });
    await first.next('connected');
    operator.program.write('one\n');
    await first.next('received');
    const second = await setup.open({ transport: 'tcp', address: operator.address });
    await second.next('connected');
    await operator.program.log('waiting in the queue');
    expect(second.events().map(({ type }) => type)).toEqual(['opening', 'connected']);
    await first.leave();
    operator.program.write('two\n');
    expect(await second.next('received')).toMatchObject({ text: 'two' });
  });

  test('the q of "quick" ends nothing when it comes by itself', async () => {
    await using operator = await peer();
    await using setup = chatSetup();
    const accepted = operator.accepted();
    const chat = await setup.open({ transport: 'tcp', address: operator.address });
    const socket = await accepted;
    socket.write('q');
    await chat.next('received');
    socket.write('uick\r\n');
    expect(await chat.next('received', 2)).toMatchObject({ text: 'uick' });
    expect(await chat.say('what?')).toMatchObject({ status: 200 });
    socket.write('q');
    await chat.next('received', 3);
    socket.write('\r\n');
    expect(await chat.next('ended')).toMatchObject({ reason: 'quit', received: 4 });
  });

  test.each(['waits', 'closes'])('a q that nothing follows ends it, whether the peer then %s', async (then) => {
    await using operator = await peer();
    await using setup = chatSetup();
    const accepted = operator.accepted();
    const chat = await setup.open({ transport: 'tcp', address: operator.address });
    const socket = await accepted;
    socket.write('q');
    if (then === 'closes') socket.end();
    expect(await chat.next('ended')).toMatchObject({ reason: 'quit', received: 1 });
  });

  test('a service that ends says q, and then the chat is over', async () => {
    await using operator = await startOperator();
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'tcp', address: operator.address });
    operator.program.write('hi\n');
    await chat.next('received');
    operator.program.signal('SIGTERM');
    expect(await chat.next('ended')).toMatchObject({ reason: 'quit', received: 2 });
    expect(await chat.say('anybody?')).toMatchObject({ status: 409 });
  });

  test('a process that dies is a peer that is gone', async () => {
    await using operator = await startOperator();
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'tcp', address: operator.address });
    await chat.next('connected');
    operator.program.signal('SIGKILL');
    expect((await chat.next('ended')).reason).toMatch(/^(?:peer-ended|reset)$/);
  });
});

describe('what TCP carried', () => {
  test('two messages in one read, and one message in several, say so', async () => {
    await using setup = chatSetup();
    await using server = await peer();
    const accepted = server.accepted();
    const chat = await setup.open({ transport: 'tcp', address: server.address, framing: 'u8' });
    const socket = await accepted;
    socket.write(Buffer.from('\u0002hi\u0002yo\u0003l', 'latin1'));
    await chat.next('received', 2);
    socket.write('o');
    socket.write('ng');
    const [hi, yo, long] = [await chat.next('received'), await chat.next('received', 2), await chat.next('received', 3)];
    expect(hi).toMatchObject({ text: 'hi', reads: { first: 1, last: 1 }, wire: { hex: '026869', textAt: 1, textBytes: 2 } });
    expect(yo).toMatchObject({ text: 'yo', reads: { first: 1, last: 1 }, wire: { hex: '02796f' } });
    expect(long).toMatchObject({ text: 'lon', reads: { first: 1 }, wire: { hex: '036c6f6e', byteLength: 4 } });
    expect(long.reads!.last).toBeGreaterThan(1);
  });

  test('without a framing two writes can be one message', async () => {
    await using setup = chatSetup();
    await using server = await peer();
    const accepted = server.accepted();
    const chat = await setup.open({ transport: 'tcp', address: server.address });
    (await accepted).write('hello, world');
    expect(await chat.next('received')).toMatchObject({ text: 'hello, world', wire: { textAt: 0, byteLength: 12 } });
  });

  test('at most 1 KiB of a message is shown, and all of it counted', async () => {
    await using setup = chatSetup();
    await using server = await peer();
    const accepted = server.accepted();
    const chat = await setup.open({ transport: 'tcp', address: server.address, framing: 'u16be' });
    const frame = Buffer.alloc(5002, 0x61);
    frame.writeUInt16BE(5000);
    (await accepted).write(frame);
    const { text, wire } = await chat.next('received');
    expect(wire).toMatchObject({ byteLength: 5002, textBytes: 5000 });
    expect(wire.hex).toHaveLength(2048);
    expect(text).toBe(`${'a'.repeat(1024)}… (+3976 bytes)`);
  });

  test('escapes have no text in one piece', async () => {
    await using setup = chatSetup();
    await using server = await peer();
    const chat = await setup.open({ transport: 'tcp', address: server.address, framing: 'cobs' });
    await chat.next('connected');
    expect(await chat.say('a\0b')).toMatchObject({ body: { text: String.raw`a\x00b`, wire: { hex: '0261026200', textAt: null } } });
  });
});

test('what a peer does not read waits up to a bound, and then nothing more is taken', async () => {
  await using server = await peer();
  const [host = '', port] = server.address.split(':');
  const accepted = server.accepted();
  const { signal } = new AbortController();
  const line = await openTcpChannel({ host, port: Number(port), address: server.address, framing: 'u16be', listener: IGNORING, signal });
  const socket = await accepted;
  const flood = (): void => {
    for (;;) line.say(Buffer.alloc(60_000));
  };
  expect(flood).toThrow(/^the peer does not read: \d+ bytes wait; allowed: 65536$/);
  socket.destroy();
  await line.close();
});

describe('what ends it', () => {
  test('a peer that closes', async () => {
    await using setup = chatSetup();
    await using server = await peer();
    const accepted = server.accepted();
    const chat = await setup.open({ transport: 'tcp', address: server.address, framing: 'line' });
    const socket = await accepted;
    socket.end('bye\n');
    expect(await chat.next('ended')).toMatchObject({ reason: 'peer-ended', received: 1 });
    expect(await chat.next('received')).toMatchObject({ text: 'bye' });
    expect((await readAll(socket)).length).toBe(0);
  });

  test('a peer that resets', async () => {
    await using setup = chatSetup();
    await using server = await peer();
    const accepted = server.accepted();
    const chat = await setup.open({ transport: 'tcp', address: server.address });
    const socket = await accepted;
    await chat.next('connected');
    socket.resetAndDestroy();
    expect(await chat.next('ended')).toMatchObject({ reason: 'reset' });
  });

  test('bytes that do not fit the framing, said in both languages', async () => {
    await using setup = chatSetup();
    await using server = await peer();
    const accepted = server.accepted();
    const chat = await setup.open({ transport: 'tcp', address: server.address, framing: 'u32be' });
    const socket = await accepted;
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    const { reason, text } = await chat.next('ended');
    expect(reason).toBe('failed');
    expect(text.en).toContain('FRAME_ERR_TOO_LARGE');
    expect(text.zh).toContain('分帧');
    await chat.job.ended;
    expect(chat.job.summary).toMatchObject({ state: 'failed', error: text.en });
  });

  test('an end inside a message', async () => {
    await using setup = chatSetup();
    await using server = await peer();
    const accepted = server.accepted();
    const chat = await setup.open({ transport: 'tcp', address: server.address, framing: 'u8' });
    (await accepted).end('\u0005he');
    expect((await chat.next('ended')).text.en).toContain('FRAME_ERR_TRUNCATED');
  });

  test('nobody who says anything for long, with the quit word', async () => {
    await using setup = chatSetup({ idleMs: 30 });
    await using server = await peer();
    const accepted = server.accepted();
    const chat = await setup.open({ transport: 'tcp', address: server.address, quit: 'bye' });
    const socket = await accepted;
    expect((await receive(socket, 3)).toString()).toBe('bye');
    socket.end();
    expect(await chat.next('ended')).toMatchObject({ reason: 'idle' });
  });

  test('as many messages as one may have', async () => {
    await using setup = chatSetup();
    await using server = await peer();
    const accepted = server.accepted();
    const chat = await setup.open({ transport: 'tcp', address: server.address, framing: 'u8', quit: '' });
    const socket = await accepted;
    socket.resume().end(Buffer.alloc(60_000));
    expect(await chat.next('ended')).toMatchObject({ reason: 'limit', received: 2000, sent: 0 });
    expect(chat.events().length).toBeLessThan(2010);
  });

  test('nothing that listens is told, and the job has failed', async () => {
    const gone = await peer();
    await gone[Symbol.asyncDispose]();
    await using setup = chatSetup();
    const chat = await setup.open({ transport: 'tcp', address: gone.address });
    const en = `${gone.address} refused: nothing listens there`;
    expect(await chat.next('ended')).toMatchObject({ reason: 'failed', text: { en } });
    await chat.job.ended;
    expect(chat.job.summary).toMatchObject({ state: 'failed', error: en });
  });

  test('a peer that does not end its side is not waited for long', async () => {
    await using setup = chatSetup();
    await using server = await peer();
    const accepted = server.accepted();
    const chat = await setup.open({ transport: 'tcp', address: server.address });
    await accepted;
    await chat.next('connected');
    expect(await chat.leave()).toMatchObject({ state: 'done' });
  });
});
