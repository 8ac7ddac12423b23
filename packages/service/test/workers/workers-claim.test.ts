import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, Server } from 'node:net';
import { bindUdp, createLogger, formatEndpoint, listenTcp, parseEndpoint } from '@socklab/service';
import { expect, onTestFinished, test, vi } from 'vitest';
import { claimPorts } from '../../src/workers/claim.ts';
import { connected, readAll } from '../sockets.ts';
import type { Endpoint } from '@socklab/service';

const context = { log: createLogger({ app: 'x', level: 'silent' }), signal: new AbortController().signal };
const tcp = (text: string): Endpoint => parseEndpoint(text, 'tcp');

async function listening(endpoint: Endpoint, reusePort: boolean): Promise<Server> {
  const server = createServer((socket) => socket.end('served'));
  onTestFinished(() => void server.close());
  await listenTcp(server, endpoint, { reusePort });
  return server;
}

test('a claimed TCP port takes no connection, neither beside a worker nor without one, and is free once released', async () => {
  const claim = await claimPorts({ count: 2, transport: 'tcp', endpoints: [tcp('127.0.0.1:0')] }, context);
  onTestFinished(() => claim.release());
  const endpoint = claim.endpoints[0] as Endpoint & { readonly port: number };
  expect(endpoint.port).toBeGreaterThan(0);
  const worker = await listening(endpoint, true);
  claim.handOver();
  for (let connection = 0; connection < 50; connection += 1) {
    expect(await readAll(await connected({ port: endpoint.port }))).toBe('served');
  }
  worker.close();
  await once(worker, 'close');
  await expect(connected({ port: endpoint.port })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  claim.release();
  claim.release();
  await listening(endpoint, false);
});

test('a UDP port is claimed until it is handed over, then every datagram is the worker’s', async () => {
  const claim = await claimPorts({ count: 2, transport: 'udp', endpoints: [parseEndpoint('127.0.0.1:0', 'udp')] }, context);
  onTestFinished(() => claim.release());
  const endpoint = claim.endpoints[0] as Endpoint & { readonly port: number };
  const alone = createSocket('udp4');
  await expect(bindUdp(alone, endpoint)).rejects.toMatchObject({ code: 'SERVICE_ERR_ADDRESS_IN_USE' });
  const worker = createSocket({ type: 'udp4', reusePort: true });
  onTestFinished(() => void worker.close());
  await bindUdp(worker, endpoint);
  worker.on('message', (_datagram, { port, address }) => worker.send('served', port, address));
  claim.handOver();
  for (let peer = 0; peer < 50; peer += 1) {
    const client = createSocket('udp4');
    const answer = once(client, 'message');
    client.send('hello', endpoint.port, '127.0.0.1');
    expect(String((await answer)[0])).toBe('served');
    client.close();
  }
});

test('a port that others share is refused, unless it is to be shared with them', async () => {
  const other = await listening(tcp('127.0.0.1:0'), true);
  const { port } = other.address() as { port: number };
  const options = { count: 2, transport: 'tcp', endpoints: [tcp(`127.0.0.1:${port}`)] } as const;
  await expect(claimPorts(options, context)).rejects.toMatchObject({ code: 'SERVICE_ERR_ADDRESS_IN_USE' });
  const claim = await claimPorts({ ...options, listen: { reusePort: true } }, context);
  expect(claim.endpoints.map((endpoint) => formatEndpoint(endpoint, 'tcp'))).toEqual([`tcp://127.0.0.1:${port}`]);
});

test('a busy port is dealt with as --port-busy says, once for all workers', async () => {
  const other = await listening(tcp('127.0.0.1:0'), false);
  const { port } = other.address() as { port: number };
  const busy = { policy: 'next', retries: 20, delayMs: 0 } as const;
  const claim = await claimPorts({ count: 2, transport: 'tcp', endpoints: [tcp(`127.0.0.1:${port}`)], listen: { busy } }, context);
  onTestFinished(() => claim.release());
  expect(claim.endpoints).toEqual([{ kind: 'ip', host: '127.0.0.1', port: expect.any(Number) }]);
  expect((claim.endpoints[0] as { port: number }).port).toBeGreaterThan(port);
});

test('what was claimed is let go of when another endpoint cannot be had', async () => {
  const free = await claimPorts({ count: 2, transport: 'tcp', endpoints: [tcp('127.0.0.1:0')] }, context);
  free.release();
  const busy = await listening(tcp('127.0.0.1:0'), false);
  const { port } = busy.address() as { port: number };
  const endpoints = [...free.endpoints, tcp(`127.0.0.1:${port}`)];
  await expect(claimPorts({ count: 2, transport: 'tcp', endpoints }, context)).rejects.toMatchObject({
    code: 'SERVICE_ERR_ADDRESS_IN_USE',
  });
  await listening(free.endpoints[0] as Endpoint, false);
});

test('a platform that cannot share a port is said before anything starts', async () => {
  // Simulated: the error is the one libuv gives on macOS and Windows, which this machine is not.
  vi.spyOn(Server.prototype, 'listen').mockImplementation(function listen(this: Server) {
    queueMicrotask(() => this.emit('error', Object.assign(new Error('listen ENOTSUP'), { code: 'ENOTSUP' })));
    return this;
  });
  onTestFinished(() => void vi.restoreAllMocks());
  await expect(claimPorts({ count: 4, transport: 'tcp', endpoints: [tcp('127.0.0.1:0')] }, context)).rejects.toMatchObject({
    code: 'SERVICE_ERR_UNSUPPORTED',
    message: expect.stringMatching(/^4 workers cannot listen here: this platform cannot share a port.*Linux 3\.9/),
  });
});
