import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { closed, connectTo, readAll, receive, startProgram } from '@socklab/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, roundTrip, startObserved } from '../observed.ts';
import { AUTHORITY, CLIENT, RENEWED, SERVER, STRANGER } from './certificates.ts';
import type { Certificate } from './certificates.ts';
import type { Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tcp-echo-'));
  await writeFile(join(folder, 'ca.pem'), AUTHORITY);
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;

async function writePair({ cert, key }: Certificate, name = `pair-${++files}`): Promise<readonly string[]> {
  const [certFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  await Promise.all([writeFile(certFile, cert), writeFile(keyFile, key)]);
  return ['--tls-cert', certFile, '--tls-key', keyFile];
}

const startTls = async (args: readonly string[] = []) => startObserved([...(await writePair(SERVER)), ...args]);

/** A connection whose handshake is done, as far as this side knows. */
async function secured(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({
    host: '127.0.0.1',
    port,
    ca: AUTHORITY,
    servername: 'localhost',
    allowHalfOpen: true,
    ...options,
  } as ConnectionOptions);
  await once(socket, 'secureConnect');
  return socket;
}

test('echoes over TLS, byte for byte, and answers a client that has ended its side', async () => {
  await using observed = await startTls();
  const client = await secured(observed.echo.port);
  const bytes = Buffer.alloc(4 * 1024 * 1024, 'all bytes are different in their place ');
  const answer = readAll(client);
  client.end(bytes);
  expect((await answer).equals(bytes)).toBe(true);
  expect(await observed.echo.program.log('connection closed')).toMatchObject({
    reason: 'peer-ended',
    bytesIn: bytes.length,
    bytesOut: bytes.length,
  });
});

test.each<[string, readonly string[], string, string]>([
  ['a framing', ['--framing', 'line'], 'one\r\ntwo', 'one\ntwo\n'],
  ['the session greet', ['--session', 'greet'], 'hi', 'hello'],
  ['a line of clients', ['--mode', 'queue'], 'hi', 'hi'],
])('%s is the same over TLS', async (_, args, said, answer) => {
  await using observed = await startTls(args);
  const client = await secured(observed.echo.port);
  client.end(said);
  expect((await readAll(client)).toString()).toBe(answer);
});

describe('a client that does not shake hands', () => {
  let observed: Awaited<ReturnType<typeof startTls>>;
  let honest: TLSSocket;
  beforeAll(async () => {
    observed = await startTls(['--frame-timeout', '1s', '--max-per-ip', '3']);
    honest = await secured(observed.echo.port);
  });
  afterAll(async () => {
    honest.destroy();
    await observed[Symbol.asyncDispose]();
  });

  test.each<[string, (client: Socket) => void]>([
    ['speaks no TLS', (client) => void client.write('GET / HTTP/1.1\r\n\r\n')],
    ['says nothing at all', () => undefined],
    ['begins and does not go on', (client) => void client.write(Buffer.from('1603010200', 'hex'))],
    ['ends its side at once', (client) => void client.end()],
    ['resets in the middle', (client) => void client.write(Buffer.from('16030102', 'hex'), () => client.resetAndDestroy())],
  ])('%s: tls-error, counted once, and others are served', async (_, begin) => {
    const { echo, admin } = observed;
    const conn = (await admin.metric('connections_total')) + 1;
    const client = await connectTo(echo.port);
    while ((await admin.metric('connections_total')) < conn);
    const gone = closed(client);
    begin(client);
    await gone;
    const closing = await echo.program.log('connection closed', { where: (entry) => entry['conn'] === conn });
    expect(closing).toMatchObject({ level: 'warn', reason: 'tls-error', error: expect.any(String) });
    expect(await roundTrip(honest, 'after')).toBe('after');
    // Its place among the connections of its address is free again.
    const next = await secured(echo.port);
    expect(await roundTrip(next, 'room')).toBe('room');
    next.destroy();
    await echo.program.log('connection closed', { where: (entry) => entry['conn'] === conn + 1 });
    const errors = echo.program.logs('connection closed').filter(({ reason }) => reason === 'tls-error');
    expect(await admin.metric('connections_closed_total{reason="tls-error"}')).toBe(errors.length);
    expect(echo.program.logs().filter(({ level }) => level === 'error')).toEqual([]);
  });
});

test('handshakes under way count as connections, and are cut when the service stops', async () => {
  await using observed = await startTls(['--max-connections', '1', '--frame-timeout', '0s']);
  const { echo, admin } = observed;
  const silent = await connectTo(echo.port);
  silent.on('error', () => undefined);
  while ((await admin.metric('connections_total')) === 0);
  const second = await connectTo(echo.port).then(readAll).then(String, codeOf);
  expect(second).toBe('ECONNRESET');
  echo.program.signal('SIGTERM');
  expect((await echo.program.exit()).code).toBe(0);
  expect(await echo.program.log('connection closed')).toMatchObject({ conn: 1, reason: 'drain' });
  silent.destroy();
});

test('two connections from one port of a client to two addresses of the service are two', async () => {
  const args = ['--listen', 'tcp://0.0.0.0:0', '--proxy-protocol', '127.0.0.1', '--frame-timeout', '0s'];
  await using observed = await startTls(args);
  const { program } = observed.echo;
  const { endpoints } = await program.log('listening');
  const port = Number(String((endpoints as string[])[1]).replace(/.*:/, ''));
  const first = await connectTo(port, { host: '127.0.0.1', localAddress: '127.0.0.1' });
  const second = await connectTo(port, { host: '127.0.0.2', localAddress: '127.0.0.1', localPort: first.localPort! });
  const plain = [first, second];
  plain.forEach((socket, nth) => socket.write(`PROXY TCP4 10.0.0.${nth + 1} 10.0.0.9 5000 443\r\n`));
  // Each has told who it is, and waits for a handshake, when the first begins its own.
  while ((await observed.admin.metric('connections_total')) < 2);
  for (const [nth, socket] of plain.entries()) {
    const client = await secured(port, { socket });
    expect(await roundTrip(client, `I am ${nth + 1}`)).toBe(`I am ${nth + 1}`);
    expect(await program.log('connection accepted', { nth: nth + 1 })).toMatchObject({ conn: nth + 1, peer: `10.0.0.${nth + 1}:5000` });
  }
  expect(program.logs('connection closed')).toEqual([]);
  for (const socket of plain) socket.destroy();
});

test('--tls-client-ca serves clients of that authority, and no others', async () => {
  await using observed = await startTls(['--tls-client-ca', join(folder, 'ca.pem')]);
  const { echo, admin } = observed;
  const known = await secured(echo.port, { cert: CLIENT.cert, key: CLIENT.key });
  expect(await roundTrip(known, 'vouched for')).toBe('vouched for');
  for (const options of [{}, { cert: STRANGER.cert, key: STRANGER.key }]) {
    // In TLS 1.3 a client learns of its refusal only after its own handshake.
    const outcome = await secured(echo.port, options).then(speak).then(String, codeOf);
    expect(outcome).toMatch(/^(|ERR_SSL_.*|ECONNRESET|EPIPE)$/);
  }
  await echo.program.log('connection closed', { nth: 2 });
  const [without, ofStranger] = echo.program.logs('connection closed');
  expect(without).toMatchObject({ reason: 'tls-error', code: 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE' });
  expect(ofStranger).toMatchObject({ reason: 'tls-error', error: expect.stringContaining('not from an authority of --tls-client-ca') });
  expect(await admin.metric('connections_closed_total{reason="tls-error"}')).toBe(2);
  known.destroy();
});

function speak(client: TLSSocket): Promise<Buffer> {
  client.write('let me in');
  return readAll(client);
}

test('SIGHUP takes the certificate as it is now for those who come, and leaves those who are there', async () => {
  const args = await writePair(SERVER, 'renewed');
  await using observed = await startObserved(args);
  const { echo } = observed;
  const old = await secured(echo.port);
  expect(old.getPeerCertificate().subject.CN).toBe('localhost');
  await writePair(RENEWED, 'renewed');
  echo.program.signal('SIGHUP');
  await echo.program.log('certificate reloaded');
  await echo.program.log('reloaded');
  const next = await secured(echo.port);
  expect(next.getPeerCertificate().subject.CN).toBe('localhost, renewed');
  expect([await roundTrip(old, 'old'), await roundTrip(next, 'new')]).toEqual(['old', 'new']);
  await writeFile(args[1]!, 'no certificate');
  echo.program.signal('SIGHUP');
  await echo.program.log('certificate not reloaded, keeping the old one');
  expect(await roundTrip(await secured(echo.port), 'still')).toBe('still');
  // One reload after the other: were the failed one called done, it would be by now.
  echo.program.signal('SIGHUP');
  await echo.program.log('certificate not reloaded, keeping the old one', { nth: 2 });
  expect(echo.program.logs('reloaded')).toHaveLength(1);
});

test('a pipe in place of the certificate is refused, and holds up neither the service nor its end', async () => {
  const args = await writePair(SERVER, 'pipe');
  await using observed = await startObserved(args);
  const { echo } = observed;
  await rm(args[1]!);
  execFileSync('mkfifo', [args[1]!]);
  echo.program.signal('SIGHUP');
  expect((await echo.program.log('certificate not reloaded, keeping the old one'))['reason']).toMatch(/not a regular file$/);
  expect(await roundTrip(await secured(echo.port), 'still')).toBe('still');
  echo.program.signal('SIGTERM');
  expect((await echo.program.exit()).code).toBe(0);
});

test('a client that never reads is cut over TLS too, and a connection that drains ends politely', async () => {
  await using observed = await startTls(['--slow-timeout', '1s', '--goodbye', 'bye']);
  const { echo, admin } = observed;
  const stuck = await secured(echo.port);
  stuck.on('error', () => undefined).pause();
  stuck.write(Buffer.alloc(32 * 1024 * 1024));
  expect(await echo.program.log('connection closed')).toMatchObject({ conn: 1, reason: 'slow-reader' });
  expect(await admin.metric('pending_bytes')).toBe(0);
  const other = await secured(echo.port);
  expect(await roundTrip(other, 'hello')).toBe('hello');
  echo.program.signal('SIGTERM');
  expect((await receive(other, 3)).toString()).toBe('bye');
  expect((await readAll(other)).length).toBe(0);
  other.end();
  expect((await echo.program.exit()).code).toBe(0);
  stuck.destroy();
});

test.each<[string, () => Promise<readonly string[]>, RegExp, number]>([
  ['a certificate without its key', async () => (await writePair(SERVER)).slice(0, 2), /--tls-cert needs --tls-key beside it/, 2],
  [
    'a unix socket',
    async () => [...(await writePair(SERVER)), '--listen', `unix:${join(folder, 'x.sock')}`],
    /TLS is for tcp:\/\/ endpoints/,
    2,
  ],
  ['the key of another', async () => writePair({ cert: SERVER.cert, key: CLIENT.key }), /key/, 1],
  ['a file that is not there', async () => ['--tls-cert', join(folder, 'none.crt'), '--tls-key', join(folder, 'none.key')], /none\.crt/, 1],
])('%s is one clear line', async (_, args, message, code) => {
  await using program = startProgram('tcp-echo', ['--listen', 'tcp://127.0.0.1:0', ...(await args())]);
  const exit = await program.exit();
  expect(exit.stderr).toMatch(message);
  expect(exit.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect([1, 2]).toContain(exit.code);
  if (code === 2) expect(exit.code).toBe(2);
});
