import { codecByName } from '@socklab/framing';
import { connectTo, readAll, receive } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { ask, roundTrip, startObserved } from './observed.ts';
import { startEcho } from './start.ts';
import type { Socket } from 'node:net';

const FRAME_BYTES = 64;
const codec = codecByName('u32be');

/** The frames from the nth to the one before the end, each different. */
function frames(first: number, end: number): Buffer {
  return Buffer.concat(Array.from({ length: end - first }, (_, at) => codec.encode(Buffer.alloc(FRAME_BYTES - 4, String(first + at)))));
}

/** Sends frame after frame, some ahead of the answers, until the server ends; gives what it got. */
async function converse(client: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sent = 0;
  let byteLength = 0;
  const send = (): void => {
    const end = Math.floor(byteLength / FRAME_BYTES) + 200;
    if (end > sent) client.write(frames(sent, end));
    sent = Math.max(sent, end);
  };
  send();
  for await (const chunk of client) {
    chunks.push(chunk as Buffer);
    byteLength += (chunk as Buffer).length;
    send();
  }
  client.end();
  return Buffer.concat(chunks);
}

test('SIGTERM under load: every message that was counted is answered, every connection ends with a reason, exit 0', async () => {
  await using observed = await startObserved(['--framing', 'u32be']);
  const { echo, admin } = observed;
  const clients = await Promise.all(Array.from({ length: 20 }, () => connectTo(echo.port, { allowHalfOpen: true })));
  const peers = clients.map(({ localPort }) => `127.0.0.1:${localPort}`);
  const answers = clients.map(converse);
  while ((await admin.metric('messages_received_total')) < 50_000);
  echo.program.signal('SIGTERM');
  const received = await Promise.all(answers);
  expect((await echo.program.exit()).code).toBe(0);
  const closings = echo.program.logs('connection closed');
  expect(closings).toHaveLength(20);
  for (const { peer, conn } of echo.program.logs('connection accepted')) {
    const bytes = received[peers.indexOf(String(peer))]!;
    const closing = closings.find((entry) => entry['conn'] === conn)!;
    const messages = bytes.length / FRAME_BYTES;
    expect(closing).toMatchObject({ reason: 'drain', bytesOut: bytes.length, messagesIn: messages, messagesOut: messages });
    expect(bytes.equals(frames(0, messages))).toBe(true);
  }
});

test('while it drains, /readyz is 503, /livez is 200, and nobody new is let in', async () => {
  await using observed = await startObserved([]);
  const { echo, admin } = observed;
  const client = await connectTo(echo.port, { allowHalfOpen: true });
  await roundTrip(client, 'x');
  expect((await admin.get('/readyz')).status).toBe(200);
  echo.program.signal('SIGTERM');
  await echo.program.log('draining');
  const [ready, live] = [await admin.get('/readyz'), await admin.get('/livez')];
  expect({ ready: ready.status, text: await ready.text(), live: live.status }).toEqual({ ready: 503, text: 'draining', live: 200 });
  expect(await ask(echo.port, 'late')).toBe('ECONNREFUSED');
  client.end();
  expect((await echo.program.exit()).code).toBe(0);
});

test('--drain-delay goes on accepting, not ready any more, and a second signal ends at once', async () => {
  await using observed = await startObserved(['--drain-delay', '10m']);
  const { echo, admin } = observed;
  echo.program.signal('SIGTERM');
  await echo.program.log('not ready; still accepting');
  expect((await admin.get('/readyz')).status).toBe(503);
  expect(await ask(echo.port, 'sent by a balancer that does not know yet')).toBe('sent by a balancer that does not know yet');
  echo.program.signal('SIGTERM');
  await echo.program.log('second signal: ending now');
  expect((await echo.program.exit()).code).toBe(1);
});

test('a client that takes none of its answers is cut at the drain timeout, exit 0', async () => {
  await using observed = await startObserved(['--drain-timeout', '500ms']);
  const { echo, admin } = observed;
  const client = await connectTo(echo.port);
  client.on('error', () => undefined).write(Buffer.alloc(32 * 1024 * 1024));
  while ((await admin.metric('pending_bytes')) === 0);
  echo.program.signal('SIGTERM');
  expect((await echo.program.exit()).code).toBe(0);
  expect(await echo.program.log('connection closed')).toMatchObject({ reason: 'drain-timeout' });
  client.destroy();
});

test.each<[string, readonly string[], string]>([
  ['as raw bytes', [], Buffer.from('bye').toString('hex')],
  ['as a message', ['--framing', 'u32be'], '00000003627965'],
  ['as a line', ['--framing', 'line'], Buffer.from('bye\n').toString('hex')],
])('--goodbye is said to every client %s, and then the connection ends', async (_, args, expected) => {
  await using echo = await startEcho(['--goodbye', 'bye', ...args]);
  const clients = [await connectTo(echo.port), await connectTo(echo.port)];
  await echo.program.log('connection accepted', { nth: 2 });
  echo.program.signal('SIGTERM');
  for (const client of clients) expect((await readAll(client)).toString('hex')).toBe(expected);
  expect((await echo.program.exit()).code).toBe(0);
});

test('--goodbye comes after the answers that were under way, and reaches those in line and those being greeted', async () => {
  await using queued = await startEcho(['--goodbye', ' bye', '--mode', 'queue']);
  const first = await connectTo(queued.port);
  first.write('an answer');
  const second = await connectTo(queued.port);
  await queued.program.log('waiting in the queue');
  expect((await receive(first, 9)).toString()).toBe('an answer');
  await using greeting = await startEcho(['--goodbye', ' bye', '--session', 'greet']);
  const third = await connectTo(greeting.port);
  expect((await receive(third, 5)).toString()).toBe('hello');
  queued.program.signal('SIGTERM');
  greeting.program.signal('SIGTERM');
  for (const client of [first, second, third]) expect((await readAll(client)).toString()).toBe(' bye');
  expect([(await queued.program.exit()).code, (await greeting.program.exit()).code]).toEqual([0, 0]);
});

test('a goodbye is a message of the framing', async () => {
  await using echo = await startEcho(['--goodbye', 'see you', '--framing', 'line']);
  const client = await connectTo(echo.port);
  await roundTrip(client, 'one\n');
  echo.program.signal('SIGTERM');
  expect((await readAll(client)).toString()).toBe('see you\n');
  expect((await echo.program.exit()).code).toBe(0);
});
