import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { startListening } from '@socklab/bench';
import { FRAMINGS } from '@socklab/framing';
import { sourceCommand } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { ServerLog } from '../bench/strangers/server-log.ts';
import { runStrangers } from '../bench/strangers/strangers.ts';
import { AUTHORITY, SERVER } from './preamble/certificates.ts';
import type { FramingEntry } from '@socklab/framing';
import type { AddressInfo } from 'node:net';

const SERVER_FILE = fileURLToPath(new URL('../bench/strangers/brittle-server.ts', import.meta.url));

/** Runs strangers against a server of this framing: over TLS, or half of them over TCP and half over a socket file. */
async function meet(
  framing: FramingEntry,
  { isTls, connections }: { readonly isTls: boolean; readonly connections: number },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'strangers-'));
  const path = join(folder, 'socket');
  const files = isTls ? [join(folder, 'cert.pem'), join(folder, 'key.pem')] : [];
  if (isTls) await Promise.all([writeFile(files[0]!, SERVER.cert), writeFile(files[1]!, SERVER.key)]);
  try {
    const log = new ServerLog();
    const command = sourceCommand(SERVER_FILE, [framing.name, path, ...files]);
    await using server = await startListening(command, (line) => log.note(line));
    const { port } = server;
    const report = await runStrangers({
      framing,
      log,
      connect(nth) {
        if (isTls) return { socket: connectTls({ port, host: '127.0.0.1', ca: AUTHORITY }), isUnix: false };
        const isUnix = nth % 2 !== 0;
        return { socket: connect({ ...(isUnix ? { path } : { port, host: '127.0.0.1' }), noDelay: true, allowHalfOpen: true }), isUnix };
      },
      seed: 7,
      connections,
    });
    expect(report.bystander.rounds).toBeGreaterThan(10);
    expect(log.failed.every(({ err }) => /seeded/.test(JSON.stringify(err)))).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const each = FRAMINGS.map((framing) => ({ framing, name: framing.name }));

test.each(each)('$name: no byte of a connection reaches another, whatever the others suffer', { timeout: 60_000 }, async ({ framing }) => {
  await meet(framing, { isTls: false, connections: 40 });
});

test.each(each.filter(({ name }) => ['raw', 'line', 'u32be'].includes(name)))(
  '$name over TLS: no byte of a connection reaches another, whatever the others suffer',
  { timeout: 60_000 },
  async ({ framing }) => {
    await meet(framing, { isTls: true, connections: 40 });
  },
);

test('a connection takes its own line of the log, not that of an earlier one from the same port', async () => {
  const log = new ServerLog();
  const note = (conn: number, { time, durationMs }: { readonly time: Date; readonly durationMs?: number }): void =>
    log.note(JSON.stringify({ msg: 'connection closed', conn, peer, time: time.toISOString(), durationMs }));
  await using server = createServer((socket) => void socket.resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  const line = log.lineOf({ socket, isUnix: false });
  await once(socket, 'connect');
  const peer = `127.0.0.1:${socket.localPort}`;
  const startedMs = Date.now();
  note(1, { time: new Date(startedMs - 1000), durationMs: 20 });
  // The server hears late of a client that reset its connection, and says so after the next one has started.
  note(2, { time: new Date(startedMs + 10), durationMs: 1000 });
  note(3, { time: new Date(startedMs + 20) });
  const { conn } = await line();
  socket.destroy();
  expect(conn).toBe(3);
});
