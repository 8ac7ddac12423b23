import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { closed, listening, readAll } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { deliver } from '../../src/delivery/deliver.ts';
import { createConnector } from '../../src/transports/connector.ts';
import type { AddressInfo, Server } from 'node:net';

const cert = readFileSync(new URL('../certificates/localhost.cert.pem', import.meta.url), 'utf8');
const key = readFileSync(new URL('../certificates/localhost.key.pem', import.meta.url), 'utf8');

async function closeServer(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

function echo(): Server {
  return createServer({ allowHalfOpen: true }, (socket) => void socket.on('error', () => {}).pipe(socket));
}

describe('connecting', () => {
  test('to TCP gives a socket that stays open for writing when the peer ends', async () => {
    const server = createServer((socket) => void socket.end('bye'));
    const { connect } = await createConnector({ kind: 'tcp', host: 'localhost', port: await listening(server) });
    const socket = await connect();
    expect((await readAll(socket)).toString()).toBe('bye');
    expect(socket.writable).toBe(true);
    socket.destroy();
    await closeServer(server);
  });

  test('to a unix socket, and says what is wrong where there is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'probe-'));
    const server = echo();
    const path = join(folder, 'socket');
    try {
      const { connect } = await createConnector({ kind: 'unix', path });
      await expect(connect()).rejects.toMatchObject({ code: 'PROBE_ERR_CONNECT', message: expect.stringContaining('ENOENT') });
      server.listen(path);
      await once(server, 'listening');
      const socket = await connect();
      socket.end('hello');
      expect((await readAll(socket)).toString()).toBe('hello');
      await closed(socket);
      await closeServer(server);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('rejects with PROBE_ERR_CONNECT when nobody listens', async () => {
    const server = echo();
    const port = await listening(server);
    await closeServer(server);
    const { connect } = await createConnector({ kind: 'tcp', host: '127.0.0.1', port });
    await expect(connect()).rejects.toMatchObject({ code: 'PROBE_ERR_CONNECT', message: expect.stringContaining('ECONNREFUSED') });
  });

  test('refuses a target that is a stranger, before it connects', async () => {
    await expect(createConnector({ kind: 'tcp', host: '192.0.2.1', port: 80 })).rejects.toMatchObject({ code: 'PROBE_ERR_TARGET' });
  });
});

describe('connecting with TLS', () => {
  test('trusts a certificate that it is given, and any with insecure', async () => {
    const server = createTlsServer({ cert, key }, (socket) => void socket.on('error', () => {}).pipe(socket));
    const port = await listening(server);
    const target = { kind: 'tcp', host: 'localhost', port } as const;
    for (const tls of [{ ca: cert }, { insecure: true }]) {
      const socket = await (await createConnector({ ...target, tls })).connect();
      const answer = once(socket, 'data');
      socket.write('hello');
      expect(String((await answer)[0])).toBe('hello');
      socket.destroy();
    }
    const { connect } = await createConnector({ ...target, tls: {} });
    await expect(connect()).rejects.toMatchObject({ code: 'PROBE_ERR_CONNECT', message: expect.stringContaining('SELF_SIGNED') });
    await closeServer(server);
  });

  test('sends each piece as a record of its own, confirmed by the TCP connection underneath', async () => {
    const reads: string[] = [];
    const server = createTlsServer({ cert, key }, (socket) => {
      socket.on('error', () => {}).on('data', (chunk) => reads.push(String(chunk)));
      socket.on('end', () => socket.end());
    });
    const port = await listening(server);
    const { connect } = await createConnector({ kind: 'tcp', host: '127.0.0.1', port, tls: { insecure: true } });
    const socket = await connect();
    const observed = await deliver(
      socket,
      ['one', 'two', 'three'].map((text) => Buffer.from(text)),
      { pace: { kind: 'drain' } },
    );
    socket.end();
    await closed(socket);
    expect(reads).toEqual(['one', 'two', 'three']);
    if (process.platform === 'linux') expect(observed.map(({ confirmed }) => confirmed)).toEqual([true, true, false]);
    await closeServer(server);
  });

  test('gives up a handshake that does not come to an end', async () => {
    const server = createServer((socket) => void socket.on('error', () => {}).resume());
    const { port } = (await listening(server), server.address()) as AddressInfo;
    const { connect } = await createConnector({ kind: 'tcp', host: '127.0.0.1', port, tls: {} }, { connectTimeoutMs: 50 });
    await expect(connect()).rejects.toMatchObject({ code: 'PROBE_ERR_CONNECT', message: expect.stringContaining('50 ms') });
    await closeServer(server);
  });
});
