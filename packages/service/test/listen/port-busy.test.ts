import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { bindUdp, createLogger, listenTcp, parseEndpoint } from '@socklab/service';
import { captureLog, temporaryFolder } from '@socklab/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { startFixture } from '../process.ts';
import type { Transport } from '../../src/base/endpoint.ts';
import type { BusyOptions, BusyPolicy } from '../../src/listen/port-busy.ts';

const HOUR_MS = 3_600_000;
const retry = (retries: number, delayMs: number): BusyPolicy => ({ policy: 'retry', retries, delayMs });
const next = (retries: number): BusyPolicy => ({ policy: 'next', retries, delayMs: HOUR_MS });
const portOf = (endpoint: string) => Number(/\d+$/.exec(endpoint)?.[0]);

/** Listens in this process, on a server or socket that is closed with the test. */
function listen(transport: Transport, text: string, options: BusyOptions = {}): Promise<string> {
  const endpoint = parseEndpoint(text, transport);
  if (transport === 'udp') {
    const socket = createSocket('udp4');
    onTestFinished(() => void socket.close());
    return bindUdp(socket, endpoint, options);
  }
  const server = createServer();
  onTestFinished(() => void server.close());
  return listenTcp(server, endpoint, options);
}

/** So many ports in a row, each of them held. */
async function heldInARow(transport: Transport, count: number): Promise<number> {
  for (;;) {
    // Below the ports that systems give away for port 0 and to clients, so that those beside it are likely free.
    const first = 10_000 + Math.floor(Math.random() * 20_000);
    const results = await Promise.allSettled(Array.from({ length: count }, (_, index) => listen(transport, `127.0.0.1:${first + index}`)));
    if (results.every(({ status }) => status === 'fulfilled')) return first;
  }
}

function logOf() {
  const captured = captureLog();
  return { captured, lines: captured.lines, log: createLogger({ app: 'test', destination: captured.destination }) };
}

test.each<Transport>(['tcp', 'udp'])('%s retry takes the port as soon as its holder is gone, and says each try', async (transport) => {
  await using holder = startFixture('holder', [transport, `${transport}://127.0.0.1:0`]);
  const endpoint = await holder.line(/:/);
  const { log, lines, captured } = logOf();
  const listening = listen(transport, endpoint, { busy: retry(10_000, 20), log });
  expect(await captured.waitFor('address in use, trying again', 2)).toMatchObject({
    level: 'warn',
    endpoint,
    attempt: 2,
    retries: 10_000,
    delayMs: 20,
    reason: expect.stringContaining(`${endpoint} is held by process ${holder.pid}:`),
  });
  holder.child.kill('SIGKILL');
  expect(await listening).toBe(endpoint);
  const attempts = lines.map(({ attempt }) => attempt);
  expect(attempts).toEqual(attempts.map((_, index) => index + 1));
});

test.each<Transport>(['tcp', 'udp'])('%s retry gives up with the usual error after its tries', async (transport) => {
  const endpoint = await listen(transport, '127.0.0.1:0');
  const { log, lines } = logOf();
  await expect(listen(transport, endpoint, { busy: retry(3, 0), log })).rejects.toMatchObject({
    code: 'SERVICE_ERR_ADDRESS_IN_USE',
    exitCode: 69,
    message: expect.stringMatching(new RegExp(`^address in use: ${endpoint} is held by process ${process.pid}:`)),
  });
  expect(lines).toHaveLength(3);
});

test('fail, no policy, and no tries left end at once', async () => {
  const endpoint = await listen('tcp', '127.0.0.1:0');
  const { log, lines } = logOf();
  for (const busy of [{ policy: 'fail', retries: 10, delayMs: HOUR_MS }, retry(0, HOUR_MS), next(0)] as const) {
    await expect(listen('tcp', endpoint, { busy, log })).rejects.toMatchObject({ code: 'SERVICE_ERR_ADDRESS_IN_USE' });
  }
  await expect(listen('tcp', endpoint)).rejects.toMatchObject({ code: 'SERVICE_ERR_ADDRESS_IN_USE' });
  expect(lines).toEqual([]);
});

test.each<Transport>(['tcp', 'udp'])('%s next takes the first port after it that is free, and says which', async (transport) => {
  const first = await heldInARow(transport, 3);
  const { log, lines } = logOf();
  const endpoint = await listen(transport, `127.0.0.1:${first}`, { busy: next(1000), log });
  // Another process may hold what comes right after the three.
  expect(portOf(endpoint)).toBeGreaterThanOrEqual(first + 3);
  const wanted = `${transport}://127.0.0.1:${first}`;
  expect(lines).toEqual([expect.objectContaining({ level: 'warn', msg: 'address in use, took another port', wanted, endpoint })]);
});

test.each<Transport>(['tcp', 'udp'])('%s next looks at no more ports than it may, and names the last', async (transport) => {
  const first = await heldInARow(transport, 3);
  await expect(listen(transport, `127.0.0.1:${first}`, { busy: next(2) })).rejects.toMatchObject({
    code: 'SERVICE_ERR_ADDRESS_IN_USE',
    message: expect.stringMatching(
      new RegExp(
        `^address in use: ${transport}://127.0.0.1:${first} is held by .*\n  so are the ports after it, up to ${first + 2}\n  stop it`,
      ),
    ),
  });
});

test('next ends at the last port there is', async () => {
  // Held by us, or by another run of this test: either will do.
  await listen('udp', '127.0.0.1:65535').catch(() => undefined);
  await expect(listen('udp', '127.0.0.1:65535', { busy: next(10) })).rejects.toMatchObject({ code: 'SERVICE_ERR_ADDRESS_IN_USE' });
});

test('an address that fails for another reason is not tried again', async () => {
  const { log, lines } = logOf();
  for (const busy of [retry(3, HOUR_MS), next(3)]) {
    await expect(listen('tcp', '203.0.113.9:9000', { busy, log })).rejects.toMatchObject({ code: 'SERVICE_ERR_LISTEN' });
  }
  expect(lines).toEqual([]);
});

test('a path is tried again too, but nothing comes next after it', async () => {
  await using folder = await temporaryFolder();
  const path = `unix:${folder.path}/echo.sock`;
  await listen('tcp', path);
  const { log, lines } = logOf();
  await expect(listen('tcp', path, { busy: next(3), log })).rejects.toMatchObject({ code: 'SERVICE_ERR_ADDRESS_IN_USE' });
  expect(lines).toHaveLength(0);
  await expect(listen('tcp', path, { busy: retry(2, 0), log })).rejects.toMatchObject({ code: 'SERVICE_ERR_ADDRESS_IN_USE' });
  expect(lines).toHaveLength(2);
});

test.each<Transport>(['tcp', 'udp'])('%s: a signal that aborts ends the wait for the next try', async (transport) => {
  const endpoint = await listen(transport, '127.0.0.1:0');
  const { log, captured } = logOf();
  const stop = new AbortController();
  const listening = listen(transport, endpoint, { busy: retry(10, HOUR_MS), log, signal: stop.signal });
  const ended = expect(listening).rejects.toMatchObject({ name: 'AbortError' });
  await captured.waitFor('address in use, trying again');
  stop.abort();
  await ended;
  await expect(listen(transport, '127.0.0.1:0', { signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
});

test('SIGTERM while a service waits for its port ends it at once, exit 0', async () => {
  const endpoint = await listen('tcp', '127.0.0.1:0');
  await using service = startFixture('listener', ['--listen', endpoint, '--port-busy', 'retry', '--port-busy-delay', '1h']);
  expect(await service.log('address in use, trying again')).toMatchObject({ endpoint, attempt: 1, retries: 10, delayMs: HOUR_MS });
  service.child.kill('SIGTERM');
  expect(await service.exit()).toMatchObject({ code: 0, stderr: '' });
});

test('a service without --port-busy ends with exit 69', async () => {
  const endpoint = await listen('tcp', '127.0.0.1:0');
  await using service = startFixture('listener', ['--listen', endpoint]);
  expect(await service.exit()).toMatchObject({ code: 69, stderr: expect.stringContaining('address in use') });
});

test('--port-busy takes three words', async () => {
  await using service = startFixture('listener', ['--port-busy', 'always']);
  expect(await service.exit()).toMatchObject({ code: 2, stderr: expect.stringContaining('fail, retry, next') });
});
