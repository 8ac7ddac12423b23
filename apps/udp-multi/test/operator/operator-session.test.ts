import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { createLogger, createOperatorConsole } from '@socklab/service';
import { captureLog } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { operator, WAITING_LIMITS } from '../../src/sessions/operator.ts';
import type { Datagram, Channel } from '../../src/sessions/session.ts';

/** The session as it is, with a console on streams of the test and an channel that keeps what it is told. */
function startSession(quit = 'q') {
  const [input, output] = [new PassThrough(), new PassThrough()];
  output.resume();
  const replies: string[] = [];
  const drops: string[] = [];
  const finished = Promise.withResolvers<{ error: Error | undefined; repliesBefore: string[] }>();
  const channel: Channel = {
    log: createLogger({ app: 'test', destination: captureLog().destination }),
    limit: () => 65_507,
    isProven: () => true,
    reply: ({ peer }, payload) => replies.push(`${peer.port} ${String(payload)}`),
    ignore: () => undefined,
    take: () => undefined,
    copy: () => undefined,
    lost: () => undefined,
    announce: () => 0,
    block: () => true,
    now: () => 0,
    drop: ({ peer }, reason) => drops.push(`${peer.port} ${reason}`),
    waiting: () => undefined,
    finish: (error) => finished.resolve({ error, repliesBefore: [...replies] }),
  };
  const console = { ...createOperatorConsole({ input, output, terminal: false }), actOn: () => undefined };
  return {
    session: operator(channel, { console, quit, peers: { max: 10, ttlMs: 1000 } }),
    input,
    output,
    replies,
    drops,
    finished: finished.promise,
  };
}

function datagram(port: number, payload = 'x', address = '192.0.2.1'): Datagram {
  return { payload: Buffer.from(payload), peer: { address, port, family: 'IPv4' } };
}

/** One of as many sources as there are numbers, below 65,536. */
function fromSource(number: number, payload?: string): Datagram {
  return datagram(number, payload, `10.0.${number >> 8}.${number & 255}`);
}

test('over 1,000 waiting datagrams the newest are dropped as queue-full', () => {
  const { session, drops } = startSession();
  for (let port = 1; port <= WAITING_LIMITS.maxDatagrams + 2; port++) session.receive(fromSource(port));
  expect(drops).toEqual(['1001 queue-full', '1002 queue-full']);
  session.close();
});

test('one address that sends from any number of ports leaves half of the line to others', () => {
  const { session, drops } = startSession();
  for (let port = 1; port <= WAITING_LIMITS.maxDatagrams; port++) session.receive(datagram(port));
  expect(drops).toHaveLength(WAITING_LIMITS.maxDatagrams / 2);
  session.receive(datagram(7001, 'honest', '192.0.2.2'));
  expect(drops).toHaveLength(WAITING_LIMITS.maxDatagrams / 2);
  session.close();
});

test('over 8 MiB of waiting datagrams the newest are dropped as queue-full', () => {
  const { session, drops } = startSession();
  const payload = 'x'.repeat(65_507);
  for (let port = 1; port <= 129; port++) session.receive(fromSource(port, payload));
  expect(drops).toEqual(['129 queue-full']);
  session.close();
});

test('at the end each peer is told goodbye once, its other datagrams are dropped as closing', () => {
  const { session, replies, drops } = startSession('bye');
  for (const port of [7001, 7002, 7001]) session.receive(datagram(port));
  session.close();
  expect(replies).toEqual(['7001 bye', '7002 bye']);
  expect(drops).toEqual(['7001 closing']);
});

test('an input that ends while nobody waits finishes the session', async () => {
  const { input, finished } = startSession();
  input.end();
  expect(await finished).toEqual({ error: undefined, repliesBefore: [] });
});

test('the last line of input is sent before the session finishes', async () => {
  const { session, input, finished } = startSession();
  input.end('last words\n');
  await once(input, 'close');
  session.receive(datagram(7001));
  expect(await finished).toEqual({ error: undefined, repliesBefore: ['7001 last words'] });
});

test('who waits when the last line was for somebody else is told goodbye', async () => {
  const { session, input, replies, finished } = startSession();
  input.end('last words\n');
  await once(input, 'close');
  for (const port of [7001, 7002]) session.receive(datagram(port));
  expect(await finished).toMatchObject({ repliesBefore: ['7001 last words'] });
  session.close();
  expect(replies).toEqual(['7001 last words', '7002 q']);
});

test('a console that breaks finishes the session with its error', async () => {
  const { session, output, finished } = startSession();
  output.write = () => {
    throw new Error('the screen is gone');
  };
  session.receive(datagram(7001));
  expect(await finished).toMatchObject({ error: { message: 'the screen is gone' } });
});
