import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { areQueuesShown } from '@socklab/probe';
import { patternOf } from '@socklab/proxy/testing';
import { createLogger } from '@socklab/service';
import { captureLog, closed, connectTo, listening, readAll, receive } from '@socklab/testkit';
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { Jobs } from '../../../src/http/jobs/jobs.ts';
import { Refusal } from '../../../src/http/refusal.ts';
import { joinUpdate, MAX_RECORDED_BYTES, MAX_RECORDED_EVENTS } from '../../../src/pages/proxy/recorded.ts';
import { serveProxies } from '../../../src/pages/proxy/routes.ts';
import type { ProxyOfJob } from '../../../src/pages/proxy/contract.ts';
import type { ProxyConnection, ProxyEvent } from '../../../src/pages/proxy/proxy-events.ts';
import type { FlowUpdate } from '../../../src/pages/proxy/recorded.ts';
import type { Socket } from 'node:net';

/** The routes as a client sees them, and a server that answers with what it is sent. */
async function startService() {
  const echo = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  const port = await listening(echo);
  const jobs = new Jobs();
  const app = new Hono();
  serveProxies(app, { jobs, log: createLogger({ app: 'test', destination: captureLog().destination }) });
  app.onError((error, context) => {
    if (error instanceof Refusal) return context.json(error.answer, error.status);
    throw error;
  });
  async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; answer: unknown }> {
    const headers = { 'content-type': 'application/json' };
    const response = await app.request(`/api/proxies${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, answer: await response.json() };
  }
  async function start(body: object = {}): Promise<ProxyOfJob> {
    const { status, answer } = await ask('POST', '', { target: `127.0.0.1:${port}`, ...body });
    expect(answer).toMatchObject({ job: { kind: 'proxy', state: 'running' } });
    expect(status).toBe(202);
    return answer as ProxyOfJob;
  }
  const clients: Socket[] = [];
  async function connectThrough(proxy: ProxyOfJob): Promise<Socket> {
    const client = await connectTo(portOf(proxy), { noDelay: true });
    // What ends a connection is asserted where it matters.
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  }
  const events = (job: string): readonly ProxyEvent[] =>
    jobs
      .get(job)!
      .log.after(0)
      .events.map(({ json }) => JSON.parse(json) as ProxyEvent);
  /** The first event that is looked for, of those that came and those that come. */
  async function event<Type extends ProxyEvent['type']>(
    job: string,
    type: Type,
    isWanted: (event: ProxyEvent & { type: Type }) => boolean = () => true,
  ): Promise<ProxyEvent & { type: Type }> {
    for (;;) {
      const changed = jobs.get(job)!.log.changed();
      const found = events(job).find((each): each is ProxyEvent & { type: Type } => each.type === type && isWanted(each as never));
      if (found !== undefined) return found;
      await changed;
    }
  }
  return {
    port,
    jobs,
    ask,
    start,
    connect: connectThrough,
    events,
    event,
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy();
      await jobs.close();
      echo.close();
    },
  };
}

type Service = Awaited<ReturnType<typeof startService>>;

function portOf({ listen }: ProxyOfJob): number {
  return Number(/\d+$/.exec(listen)?.[0]);
}

/** What the events told of a direction, joined. */
function toldOf(service: Service, job: string, connection: number, direction: 'up' | 'down'): FlowUpdate | undefined {
  let known: FlowUpdate | undefined;
  for (const event of service.events(job)) {
    if (event.type !== 'recorded') continue;
    const update = event.connections.find(({ id }) => id === connection)?.[direction];
    if (update !== undefined) known = joinUpdate(known, update);
  }
  return known;
}

const sizesOf = ({ events }: FlowUpdate, type: string): readonly number[] =>
  events.flatMap((event) => (event.type === type && 'end' in event ? [event.end - event.start] : []));

describe('a proxy of the page', () => {
  test('passes bytes on, and tells of the connection, its reads and its pieces as they were', async () => {
    await using service = await startService();
    const proxy = await service.start({ plan: 'bytes:3', framing: 'line' });
    expect(proxy).toMatchObject({ plan: 'bytes:3', framing: 'line', pace: 'none', seed: 1, rate: 'off', latency: '0ms', isHeld: false });
    const client = await service.connect(proxy);
    client.write('hello\nyou\n');
    expect((await receive(client, 10)).toString()).toBe('hello\nyou\n');
    const { id } = proxy.job;
    expect(await service.event(id, 'opened')).toMatchObject({ connection: { id: 1, closed: null } });
    client.end();
    await closed(client);
    const { connection } = await service.event(id, 'closed');
    expect(connection).toMatchObject({ id: 1, closed: 'done', up: { bytesIn: 10, bytesOut: 10, pieces: 4 } });
    const up = toldOf(service, id, 1, 'up')!;
    expect(up).toMatchObject({ totalBytes: 10, omittedEvents: 0, hex: Buffer.from('hello\nyou\n').toString('hex') });
    expect(up.messages).toEqual([
      { start: 0, end: 6 },
      { start: 6, end: 10 },
    ]);
    expect(sizesOf(up, 'came')).toEqual([10]);
    expect(sizesOf(up, 'forwarded')).toEqual([3, 3, 3, 1]);
    expect(up.events.at(-1)).toMatchObject({ type: 'end', side: 'sender', isReset: false });
    expect(toldOf(service, id, 1, 'down')).toMatchObject({ totalBytes: 10, hex: up.hex });
    const { answer } = await service.ask('GET', `/${id}/connections/1`);
    expect(answer).toMatchObject({ up });
  });

  test.runIf(areQueuesShown)('tells which pieces are known to be read, and when they left', async () => {
    await using service = await startService();
    const proxy = await service.start({ plan: 'bytes:2', pace: 'drain', direction: 'up' });
    const client = await service.connect(proxy);
    client.write('abcd');
    await receive(client, 4);
    client.end();
    await service.event(proxy.job.id, 'closed');
    const { events } = toldOf(service, proxy.job.id, 1, 'up')!;
    // The end may be there before it is known that the last piece was read.
    const types = events.map(({ type }) => type).filter((type) => type !== 'end');
    expect(types).toEqual(['came', 'forwarded', 'confirmed', 'forwarded', 'confirmed']);
    expect(events.map(({ us }) => us)).toEqual(events.map(({ us }) => us).toSorted((one, other) => one - other));
    const { totals } = await service.event(proxy.job.id, 'passed');
    expect(totals.up).toEqual({ bytes: 4, pieces: 2, confirmed: 2 });
  });

  test('does what it was changed to, with connections that are open', async () => {
    await using service = await startService();
    const proxy = await service.start();
    const client = await service.connect(proxy);
    client.write('abcd');
    await receive(client, 4);
    const change = { plan: 'drip', seed: 7, latency: '1ms', direction: 'up' };
    const { status, answer } = await service.ask('PATCH', `/${proxy.job.id}`, change);
    expect(status).toBe(200);
    expect(answer).toMatchObject({ ...change, pace: 'none', keptConnections: 0 });
    client.write('efgh');
    expect((await receive(client, 4)).toString()).toBe('efgh');
    client.end();
    await service.event(proxy.job.id, 'closed');
    expect(sizesOf(toldOf(service, proxy.job.id, 1, 'up')!, 'forwarded')).toEqual([4, 1, 1, 1, 1]);
    expect(await service.event(proxy.job.id, 'state', ({ state }) => state.plan === 'drip')).toMatchObject({ state: { seed: 7 } });
  });

  test('says how many connections keep their plan because they are in the middle of a stream', async () => {
    await using service = await startService();
    const proxy = await service.start({ framing: 'line' });
    const client = await service.connect(proxy);
    client.write('abcd');
    await receive(client, 4);
    const { answer } = await service.ask('PATCH', `/${proxy.job.id}`, { plan: 'glue' });
    expect(answer).toMatchObject({ plan: 'glue', keptConnections: 1 });
  });

  test('holds what passes and lets it go on without loss', async () => {
    await using service = await startService();
    const proxy = await service.start({ plan: 'bytes:100' });
    const client = await service.connect(proxy);
    const { id } = proxy.job;
    expect((await service.ask('PATCH', `/${id}`, { isHeld: true })).answer).toMatchObject({ isHeld: true });
    const sent = patternOf(1, 300_000);
    client.end(sent);
    await service.event(id, 'recorded');
    const connections = async () => (await service.ask('GET', `/${id}/connections`)).answer;
    expect(await connections()).toMatchObject([{ id: 1, closed: null, up: { bytesOut: 0 }, down: { bytesIn: 0 } }]);
    expect((await service.ask('PATCH', `/${id}`, { isHeld: false })).answer).toMatchObject({ isHeld: false });
    expect((await readAll(client)).equals(sent)).toBe(true);
  });

  test('begins its recordings anew when it is asked to', async () => {
    await using service = await startService();
    const proxy = await service.start();
    const client = await service.connect(proxy);
    client.write('before');
    await receive(client, 6);
    expect((await service.ask('POST', `/${proxy.job.id}/recordings`, {})).status).toBe(200);
    client.write('after');
    await receive(client, 5);
    client.end();
    await service.event(proxy.job.id, 'closed');
    expect(toldOf(service, proxy.job.id, 1, 'up')).toMatchObject({ take: 1, totalBytes: 5, hex: Buffer.from('after').toString('hex') });
  });

  test('keeps little of much, tells of it seldom, and passes on all of it', async () => {
    await using service = await startService();
    const proxy = await service.start({ plan: 'bytes:500' });
    const client = await service.connect(proxy);
    const sent = patternOf(2, 8_000_000);
    const startedAt = performance.now();
    const arrived = readAll(client);
    client.end(sent);
    expect((await arrived).equals(sent)).toBe(true);
    const { connection } = await service.event(proxy.job.id, 'closed');
    expect(connection.up).toMatchObject({ bytesIn: sent.length, bytesOut: sent.length });
    const up = toldOf(service, proxy.job.id, 1, 'up')!;
    expect(up.events.filter(({ type }) => type !== 'end')).toHaveLength(MAX_RECORDED_EVENTS);
    expect(up.hex).toBe(sent.subarray(0, MAX_RECORDED_BYTES).toString('hex'));
    expect(up.totalBytes).toBe(sent.length);
    expect(up.events.length + up.omittedEvents).toBeGreaterThan(16_000);
    const tenths = (performance.now() - startedAt) / 100;
    expect(service.events(proxy.job.id).filter(({ type }) => type === 'recorded').length).toBeLessThanOrEqual(tenths + 3);
  });

  test('serves 64 connections at once and resets one more', async () => {
    await using service = await startService();
    const proxy = await service.start();
    const clients = await Promise.all(Array.from({ length: 64 }, () => service.connect(proxy)));
    for (const client of clients) client.write('x');
    await Promise.all(clients.map((client) => receive(client, 1)));
    expect(await closed(connect(portOf(proxy), '127.0.0.1'))).toMatchObject({ code: 'ECONNRESET' });
    expect((await service.ask('GET', `/${proxy.job.id}`)).answer).toMatchObject({ connections: 64 });
  });

  test('forgets all but the last closed connections', async () => {
    await using service = await startService();
    const proxy = await service.start();
    for (let count = 1; count <= 20; count++) {
      const client = await service.connect(proxy);
      client.end('x');
      await readAll(client);
      await service.event(proxy.job.id, 'closed', ({ connection }) => connection.id === count);
    }
    const { answer } = await service.ask('GET', `/${proxy.job.id}/connections`);
    expect((answer as readonly ProxyConnection[]).map(({ id }) => id)).toEqual(Array.from({ length: 16 }, (_, index) => index + 5));
    expect((await service.ask('GET', `/${proxy.job.id}/connections/4`)).status).toBe(404);
    expect((await service.ask('GET', `/${proxy.job.id}/connections/20`)).status).toBe(200);
  });

  test('tells that the target was not reached', async () => {
    await using service = await startService();
    const nobody = createServer();
    const port = await listening(nobody);
    nobody.close();
    await once(nobody, 'close');
    const proxy = await service.start({ target: `127.0.0.1:${port}` });
    const client = await service.connect(proxy);
    expect(await closed(client)).toMatchObject({ code: 'ECONNRESET' });
    expect(await service.event(proxy.job.id, 'closed')).toMatchObject({ connection: { closed: 'connect-failed' } });
  });
});

describe('a proxy that is stopped', () => {
  test('resets its connections, listens no more, tells of it and is still shown', async () => {
    await using service = await startService();
    const proxy = await service.start();
    const client = await service.connect(proxy);
    client.write('abc');
    await receive(client, 3);
    const job = service.jobs.get(proxy.job.id)!;
    job.stop();
    expect(await closed(client)).toMatchObject({ code: 'ECONNRESET' });
    await job.ended;
    const told = service.events(proxy.job.id).map(({ type }) => type as string);
    expect(told.slice(-3)).toEqual(['closed', 'passed', 'end']);
    await expect(connectTo(portOf(proxy))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect((await service.ask('GET', '')).answer).toMatchObject([{ job: { state: 'stopped' }, totals: { up: { bytes: 3 } } }]);
    expect((await service.ask('GET', `/${proxy.job.id}/connections/1`)).answer).toMatchObject({ up: { totalBytes: 3 } });
    expect(await service.ask('PATCH', `/${proxy.job.id}`, { plan: 'drip' })).toMatchObject({ status: 409 });
  });

  test('makes room for another: four run at once', async () => {
    await using service = await startService();
    const [first] = await Promise.all([service.start(), service.start(), service.start(), service.start()]);
    const refused = await service.ask('POST', '', { target: `127.0.0.1:${service.port}` });
    expect(refused).toMatchObject({ status: 429, answer: { error: '4 proxies run already, which is the limit: stop one' } });
    const job = service.jobs.get(first.job.id)!;
    job.stop();
    await job.ended;
    await service.start();
  });

  test('is let go when the service ends before it runs', async () => {
    await using service = await startService();
    await service.jobs.close();
    expect(await service.ask('POST', '', { target: `127.0.0.1:${service.port}` })).toMatchObject({ status: 503 });
    await turn();
  });
});

describe('a request', () => {
  test.each([
    ['target', { target: 'nonsense' }, /"nonsense"/],
    ['target', { target: '192.0.2.1:80' }, /neither loopback nor private/],
    ['target', { target: 'unix:/run/some.sock' }, /unix socket/],
    ['listen', { listen: '0.0.0.0:0' }, /not this machine alone/],
    ['listen', { listen: 'unix:/run/some.sock' }, /unix:\/run/],
    ['listen', { listen: '127.0.0.1:99999' }, /99999/],
    ['framing', { framing: 'morse' }, /"morse"/],
    ['framing', { plan: 'glue' }, /needs to know where frames begin/],
    ['plan', { plan: 'bytes:0' }, /bytes:N takes whole numbers/],
    ['pace', { pace: 'soon' }, /"soon"/],
    ['seed', { seed: -1 }, /not a seed/],
    ['direction', { direction: 'sideways' }, /"sideways"/],
    ['latency', { latency: 'long' }, /long/],
    ['rate', { rate: '0B/s' }, /rate/],
    ['plan', { plan: 3 }, /plan/],
    ['colour', { colour: 'red' }, /colour/],
  ])('whose %s is wrong is refused, naming it, in both languages: %j', async (field, body, reason) => {
    await using service = await startService();
    const { status, answer } = await service.ask('POST', '', { target: `127.0.0.1:${service.port}`, ...body });
    expect(status).toBe(422);
    expect(answer).toEqual({ error: expect.stringMatching(reason), zh: expect.stringMatching(/\p{Script=Han}/u), field });
    expect((await service.ask('GET', '')).answer).toEqual([]);
  });

  test('to listen where somebody else does is refused', async () => {
    await using service = await startService();
    const { status, answer } = await service.ask('POST', '', { target: '127.0.0.1:9', listen: `127.0.0.1:${service.port}` });
    expect(status).toBe(422);
    expect(answer).toMatchObject({ field: 'listen', error: expect.stringContaining(String(service.port)) });
  });

  test('to change is taken whole or not at all', async () => {
    await using service = await startService();
    const { job } = await service.start();
    const refused = await service.ask('PATCH', `/${job.id}`, { plan: 'drip', rate: 'fast', isHeld: true });
    expect(refused).toMatchObject({ status: 422, answer: { field: 'rate' } });
    expect(await service.ask('PATCH', `/${job.id}`, { plan: 'prefix' })).toMatchObject({ status: 422, answer: { field: 'plan' } });
    expect(await service.ask('PATCH', `/${job.id}`, { target: '127.0.0.1:9' })).toMatchObject({ status: 422, answer: { field: 'target' } });
    expect((await service.ask('GET', `/${job.id}`)).answer).toMatchObject({ plan: 'pass', isHeld: false, rate: 'off' });
  });

  test('for what is not there is 404', async () => {
    await using service = await startService();
    const { job } = await service.start();
    for (const path of ['/nothing', '/nothing/connections', `/${job.id}/connections/1`, `/${job.id}/connections/x`]) {
      expect(await service.ask('GET', path)).toMatchObject({ status: 404, answer: { error: expect.stringContaining('there is no') } });
    }
  });
});
