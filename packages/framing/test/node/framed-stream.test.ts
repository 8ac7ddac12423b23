import { once } from 'node:events';
import { createServer, request } from 'node:http';
import * as http2 from 'node:http2';
import { Duplex, duplexPair, PassThrough } from 'node:stream';
import { connect, createServer as createTlsServer } from 'node:tls';
import { listening, makeCertificate, socketPair } from '@socklab/testkit';
import { expect, test, vi } from 'vitest';
import { lengthPrefixed, line, u16be, u32be } from '../../src/index.ts';
import { framed } from '../../src/node.ts';
import { sticky } from '../../src/testing.ts';
import { bytes, pattern, text } from '../support/bytes.ts';
import type { Codec } from '../../src/index.ts';

const u16 = lengthPrefixed({ length: u16be });

function refuse(): never {
  throw new Error('refused');
}

/** Sends two messages from each end to the other, and closes both. */
async function converse(left: Duplex, right: Duplex): Promise<void> {
  const [one, other] = [framed(left, u16), framed(right, u16)];
  await one.sendBatch(['哈', ''].map(bytes));
  expect([text((await other.receive())!), text((await other.receive())!)]).toEqual(['哈', '']);
  await other.send(bytes('answer'));
  expect(text((await one.receive())!)).toBe('answer');
  await Promise.all([one.close(), other.close()]);
  expect([left.destroyed, right.destroyed, await one.receive(), await other.receive()]).toEqual([true, true, undefined, undefined]);
}

test('framed() takes both ends of a duplexPair()', async () => {
  const [left, right] = duplexPair();
  await converse(left, right);
});

test('framed() takes the socket of an HTTP upgrade, on both sides', async () => {
  const server = createServer();
  const port = await listening(server);
  const upgraded = once(server, 'upgrade') as Promise<[unknown, Duplex]>;
  const asked = request({ port, headers: { connection: 'Upgrade', upgrade: 'frames' } });
  asked.end();
  const [, serverEnd] = await upgraded;
  serverEnd.write('HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: frames\r\n\r\n');
  const [, clientEnd] = (await once(asked, 'upgrade')) as [unknown, Duplex];
  await converse(clientEnd, serverEnd);
  server.close();
});

test('framed() takes a stream of HTTP/2, on both sides', async () => {
  const server = http2.createServer();
  const port = await listening(server);
  const accepted = once(server, 'stream') as Promise<[http2.ServerHttp2Stream]>;
  const session = http2.connect(`http://127.0.0.1:${port}`);
  const clientEnd = session.request({ ':method': 'POST' }, { endStream: false });
  const [serverEnd] = await accepted;
  serverEnd.respond();
  await converse(clientEnd, serverEnd);
  session.close();
  await new Promise((resolve) => server.close(resolve));
});

test('framed() takes a TLS socket, on both sides', async () => {
  const { cert, key } = makeCertificate();
  const server = createTlsServer({ cert, key });
  const port = await listening(server);
  const accepted = once(server, 'secureConnection') as Promise<[Duplex]>;
  const clientEnd = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  const [serverEnd] = await accepted;
  await converse(clientEnd, serverEnd);
  server.close();
});

test('a stream in object mode, and one that decodes to text, are a TypeError', () => {
  expect(() => framed(new PassThrough({ objectMode: true }), u16)).toThrow('must carry bytes, but is in object mode');
  expect(() => framed(new PassThrough({ encoding: 'utf8' }), u16)).toThrow('setEncoding("utf8") was called on it');
});

test.each([-1, 0.5, Number.NaN, 2 ** 31])('closeTimeoutMs %d is a RangeError', (closeTimeoutMs) => {
  expect(() => framed(new PassThrough(), u16, { closeTimeoutMs })).toThrow(`closeTimeoutMs is ${closeTimeoutMs}; allowed: whole numbers`);
});

test('one codec reads and another one writes', async () => {
  await using pair = await socketPair();
  const server = framed(pair.server, { read: line(), write: u16 });
  const client = framed(pair.client, { read: u16, write: line() });
  await client.send(bytes('ask'));
  expect(text((await server.receive())!)).toBe('ask');
  await server.send(bytes('a\nb'));
  expect(text((await client.receive())!)).toBe('a\nb');
});

test('receive() takes message by message, then undefined, and a second call while one waits rejects', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, line());
  const first = messages.receive();
  await expect(messages.receive()).rejects.toThrow('one call at a time');
  pair.client.end('one\ntwo\n');
  expect([text((await first)!), text((await messages.receive())!), await messages.receive(), await messages.receive()]).toEqual([
    'one',
    'two',
    undefined,
    undefined,
  ]);
});

test('switchCodec() reads what came behind the last message with the next codec, and sends with it', async () => {
  await using pair = await socketPair();
  const lines = framed(pair.server, line());
  pair.client.write(Buffer.concat([Buffer.from('binary\n'), lengthPrefixed({ length: u32be }).encode(bytes('a\nb'))]));
  expect(text((await lines.receive())!)).toBe('binary');
  const binary = lines.switchCodec(lengthPrefixed({ length: u32be }));
  expect(text((await binary.receive())!)).toBe('a\nb');
  const back = framed(pair.client, lengthPrefixed({ length: u32be }));
  await binary.send(bytes('ok'));
  expect(text((await back.receive())!)).toBe('ok');
});

test('switchCodec() wakes who waits: the bytes that were there may be a whole message of the next codec', async () => {
  await using pair = await socketPair();
  const lines = framed(pair.server, line());
  const waiting: Promise<unknown> = lines.receive();
  pair.client.write(u16.encode(bytes('hi')));
  await once(pair.server, 'data');
  lines.switchCodec(u16);
  expect(text((await waiting) as Uint8Array)).toBe('hi');
});

test('switchCodec() inside forEach() holds for the next message, and one that the end cuts off is told', async () => {
  await using pair = await socketPair();
  const messages = framed(pair.server, line());
  pair.client.end(Buffer.concat([Buffer.from('u16\n'), u16.encode(bytes('x\ny')), Uint8Array.of(0, 9, 1)]));
  const seen: string[] = [];
  const loop = messages.forEach((message) => {
    if (seen.push(text(message)) === 1) messages.switchCodec(u16);
  });
  await expect(loop).rejects.toMatchObject({ code: 'FRAME_ERR_TRUNCATED' });
  expect(seen).toEqual(['u16', 'x\ny']);
  expect(() => messages.switchCodec(line())).toThrow(expect.objectContaining({ code: 'FRAME_ERR_TRUNCATED' }));
});

test('close() sends what waits, and who reads gets undefined', async () => {
  await using pair = await socketPair();
  const [server, client] = [framed(pair.server, u16), framed(pair.client, u16)];
  const waiting = server.receive();
  void server.send(bytes('last'));
  const closing = server.close();
  expect(text((await client.receive())!)).toBe('last');
  expect([await client.receive(), await waiting]).toEqual([undefined, undefined]);
  await closing;
  await server.close();
  expect(pair.server.destroyed).toBe(true);
});

test('close() cuts off a peer that does not end its side in time', async () => {
  await using pair = await socketPair({ client: { allowHalfOpen: true } });
  const server = framed(pair.server, u16, { closeTimeoutMs: 1 });
  await server.close();
  expect(pair.server.destroyed).toBe(true);
});

test('close() closes the socket when a payload was transferred before its chunk was read to the end', async () => {
  await using pair = await socketPair();
  const server = framed(pair.server, u16);
  pair.client.end(Buffer.concat([u16.encode(pattern(100)), u16.encode(pattern(200))]));
  const { buffer } = (await server.receive())!;
  structuredClone(buffer, { transfer: [buffer] });
  await expect(server.receive()).rejects.toThrow(TypeError);
  await server.close();
  expect(pair.server.destroyed).toBe(true);
});

test('close() closes the socket when a decoder of the program throws', async () => {
  await using pair = await socketPair();
  const codec: Codec = { ...u16, createDecoder: (options) => Object.assign(u16.createDecoder(options), { detach: refuse }) };
  pair.client.resume();
  await framed(pair.server, codec).close();
  expect(pair.server.destroyed).toBe(true);
});

test('close() waits for the end of the peer no longer than until the signal aborts', async () => {
  await using pair = await socketPair({ client: { allowHalfOpen: true } });
  const controller = new AbortController();
  const server = framed(pair.server, u16, { signal: controller.signal, closeTimeoutMs: 2 ** 31 - 1 });
  const closing = server.close();
  await once(pair.client.resume(), 'end');
  controller.abort();
  await closing;
  expect(pair.server.destroyed).toBe(true);
});

test('close() may be called again and again: all calls wait for one close, and none adds a listener', async () => {
  await using pair = await socketPair({ client: { allowHalfOpen: true } });
  const server = framed(pair.server, u16);
  const closings = Array.from({ length: 20 }, () => server.close());
  expect(pair.server.listenerCount('close')).toBeLessThan(10);
  pair.client.end();
  await Promise.all(closings);
  expect(pair.server.destroyed).toBe(true);
});

test('await using closes', async () => {
  await using pair = await socketPair();
  pair.client.resume();
  {
    await using messages = framed(pair.server, u16);
    await messages.send(bytes('bye'));
  }
  expect(pair.server.destroyed).toBe(true);
});

test('an aborted signal ends reading and sending with an AbortError that has the reason as its cause', async () => {
  await using pair = await socketPair();
  const controller = new AbortController();
  const messages = framed(pair.server, u16, { signal: controller.signal });
  const waiting = messages.receive();
  controller.abort('enough');
  const aborted = expect.objectContaining({ name: 'AbortError', code: 'ABORT_ERR', cause: 'enough' });
  await expect(waiting).rejects.toEqual(aborted);
  await expect(messages.send(bytes('x'))).rejects.toEqual(aborted);
  expect(pair.server.destroyed).toBe(true);
});

test('a signal that is aborted already destroys the stream; one that is aborted after detach() leaves it', async () => {
  await using pair = await socketPair();
  await expect(framed(pair.client, u16, { signal: AbortSignal.abort() }).receive()).rejects.toMatchObject({ name: 'AbortError' });
  const controller = new AbortController();
  framed(pair.server, u16, { signal: controller.signal }).detach();
  controller.abort();
  expect(pair.server.destroyed).toBe(false);
});

test.each(['for await', 'batches', 'parts'] as const)(
  'a loop that is left while it waits (%s) does not keep the next read from waiting',
  async (kind) => {
    await using pair = await socketPair();
    const messages = framed(pair.server, u16);
    const first = u16.encode(bytes('first'));
    const cut = kind === 'parts' ? 4 : 0;
    if (cut > 0) pair.client.write(first.subarray(0, cut));
    const loops = { 'for await': () => messages, batches: () => messages.batches(), parts: async () => (await messages.payloadParts())! };
    const loop = (await loops[kind]())[Symbol.asyncIterator]();
    if (kind === 'parts') await loop.next();
    const step = loop.next();
    await loop.return?.();
    expect(await step).toEqual({ value: undefined, done: true });
    const next = messages.receive();
    pair.client.write(sticky([first.subarray(cut), u16.encode(bytes('second'))]));
    expect(text((await next)!)).toBe(kind === 'parts' ? 'second' : 'first');
  },
);

test('a codec that throws undefined fails the connection all the same', async () => {
  await using pair = await socketPair();
  const codec: Codec = {
    ...u16,
    encode: (payload) => u16.encode(payload),
    createDecoder: (options) =>
      Object.assign(u16.createDecoder(options), {
        next() {
          throw undefined;
        },
      }),
  };
  const messages = framed(pair.server, codec);
  pair.client.write(u16.encode(bytes('hi')));
  await expect(messages.receive()).rejects.toThrow(new TypeError('a codec threw undefined'));
});

test.each([
  ['says nothing once it is closed', { emitClose: false, write: (_chunk: unknown, _encoding: unknown, done: () => void) => done() }],
  ['never ends its destroy()', { destroy: () => undefined }],
])('close() of a stream that %s resolves', async (_, options) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const messages = framed(new Duplex({ read: () => undefined, ...options }), u16, { closeTimeoutMs: 50 });
    const closing = messages.close();
    await vi.advanceTimersByTimeAsync(2000);
    await closing;
  } finally {
    vi.useRealTimers();
  }
});
