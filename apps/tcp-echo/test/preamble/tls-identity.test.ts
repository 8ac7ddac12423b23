import { execFileSync } from 'node:child_process';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { ServiceError, createLogger, createProgram } from '@socklab/service';
import { captureLog, connectTo, makeCertificate, temporaryFolder } from '@socklab/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { createProxyHeaderReader } from '../../src/preamble/proxy-protocol.ts';
import { loadTlsIdentity } from '../../src/preamble/tls-identity.ts';
import { tlsFiles, tlsOptions } from '../../src/preamble/tls-options.ts';
import { v2Header } from './proxy-headers.ts';
import type { TlsIdentity } from '../../src/preamble/tls-identity.ts';
import type { TlsFiles } from '../../src/preamble/tls-options.ts';
import type { Certificate } from '@socklab/testkit';
import type { AddressInfo, Server } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';

const root = makeCertificate({ name: 'root' });
const localhost = makeCertificate({ issuer: root });

interface Content {
  readonly cert?: string;
  readonly key?: string;
  readonly clientCa?: string;
}

/** The files on disk, and a log to look at. */
async function setUp({ cert = localhost.cert, key = localhost.key, clientCa }: Content = {}) {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const path = (name: string) => join(folder.path, name);
  const files: TlsFiles = {
    cert: path('cert.pem'),
    key: path('key.pem'),
    ...(clientCa === undefined ? {} : { clientCa: path('ca.pem') }),
  };
  const put = async (content: Content) => {
    if (content.cert !== undefined) await writeFile(files.cert, content.cert);
    if (content.key !== undefined) await writeFile(files.key, content.key);
    if (content.clientCa !== undefined && files.clientCa !== undefined) await writeFile(files.clientCa, content.clientCa);
  };
  await put({ cert, key, ...(clientCa === undefined ? {} : { clientCa }) });
  const { destination, lines } = captureLog();
  const log = createLogger({ app: 'test', destination });
  return { files, put, lines, log, path, load: () => loadTlsIdentity(files, log) };
}

/** A server that says hello to each client it serves. */
async function serve(identity: TlsIdentity) {
  const server = createServer(identity.serverOptions, (socket) => socket.on('error', () => undefined).end('hello'));
  onTestFinished(() => void server.close());
  return { server, port: await listen(server) };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** What the server says; rejects when it does not serve this client. */
async function visit(port: number, options: ConnectionOptions = {}): Promise<{ text: string; fingerprint: string }> {
  const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: root.cert, ...options });
  let text = '';
  let fingerprint = '';
  socket.once('secureConnect', () => (fingerprint = socket.getPeerX509Certificate()?.fingerprint256 ?? ''));
  for await (const chunk of socket) text += String(chunk);
  return { text, fingerprint };
}

const fingerprintOf = ({ cert }: Certificate) => new X509Certificate(cert).fingerprint256;

async function refusal(load: () => Promise<TlsIdentity>): Promise<ServiceError> {
  try {
    await load();
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  return expect.fail('nothing was refused');
}

test('a client that knows the authority is served over TLS', async () => {
  const { load, lines } = await setUp();
  const identity = await load();
  expect(identity.validTo).toEqual(new Date('2125-01-01'));
  const { port } = await serve(identity);
  expect(await visit(port)).toEqual({ text: 'hello', fingerprint: fingerprintOf(localhost) });
  await expect(visit(port, { ca: makeCertificate().cert })).rejects.toThrow('certificate');
  expect(lines).toEqual([]);
});

test('certificates between ours and the root are sent along', async () => {
  const between = makeCertificate({ name: 'between', issuer: root });
  const leaf = makeCertificate({ issuer: between });
  const { load } = await setUp({ cert: leaf.cert + between.cert, key: leaf.key });
  const { port } = await serve(await load());
  expect(await visit(port)).toMatchObject({ text: 'hello' });
});

test('TLS below 1.2 is refused, 1.2 and 1.3 are served', async () => {
  const { load } = await setUp();
  const identity = await load();
  const { port, server } = await serve(identity);
  expect(identity.serverOptions.minVersion).toBe('TLSv1.2');
  await visit(port, { maxVersion: 'TLSv1.2' });
  await visit(port, { minVersion: 'TLSv1.3' });
  const failed = once(server, 'tlsClientError');
  await expect(visit(port, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow();
  expect((await failed)[0]).toMatchObject({ code: expect.stringMatching(/UNSUPPORTED_PROTOCOL|VERSION/) });
});

test('with client authorities, only clients with a certificate of one of them are served', async () => {
  const clients = makeCertificate({ name: 'clients' });
  const others = makeCertificate({ name: 'others' });
  const { load } = await setUp({ clientCa: root.cert + clients.cert });
  const { port, server } = await serve(await load());
  const served: TLSSocket[] = [];
  server.on('secureConnection', (socket) => served.push(socket));
  const alice = makeCertificate({ name: 'alice', issuer: clients });
  expect(await visit(port, { cert: alice.cert, key: alice.key })).toMatchObject({ text: 'hello' });
  expect(served).toHaveLength(1);
  const mallory = makeCertificate({ name: 'mallory', issuer: others });
  // With TLS 1.3 a client is done before the server looks at its certificate: it may see an error, or the end.
  for (const proof of [{ cert: mallory.cert, key: mallory.key }, {}]) {
    const refused = once(server, 'tlsClientError');
    const { text } = await visit(port, proof).catch(() => ({ text: '' }));
    expect(text).toBe('');
    expect((await refused)[0]).toBeInstanceOf(Error);
  }
  expect(served).toHaveLength(1);
});

test('a reload serves the new certificate to new clients, and leaves the others alone', async () => {
  const { load, put, lines } = await setUp();
  const identity = await load();
  const server = createServer(identity.serverOptions, (socket) => socket.on('error', () => undefined).pipe(socket));
  onTestFinished(() => void server.close());
  const port = await listen(server);
  const old = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: root.cert });
  onTestFinished(() => void old.destroy());
  await once(old, 'secureConnect');
  const renewed = makeCertificate({ issuer: root, validTo: new Date('2124-01-01') });
  await put(renewed);
  expect(await identity.reload()).toBe(true);
  expect(lines).toMatchObject([
    { level: 'info', msg: 'certificate reloaded', validTo: '2124-01-01T00:00:00.000Z', fingerprint256: fingerprintOf(renewed) },
  ]);
  server.setSecureContext(identity.serverOptions);
  const visitor = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: root.cert });
  onTestFinished(() => void visitor.destroy());
  await once(visitor, 'secureConnect');
  expect(visitor.getPeerX509Certificate()?.fingerprint256).toBe(fingerprintOf(renewed));
  const answer = once(old, 'data');
  old.write('still here');
  expect(String((await answer)[0])).toBe('still here');
  expect(old.getPeerX509Certificate()?.fingerprint256).toBe(fingerprintOf(localhost));
});

test.each<[string, Content, string]>([
  ['no certificate', { cert: 'half written' }, 'there is no certificate in it'],
  ['a key of another certificate', { key: root.key }, 'it is not the key of the certificate'],
])('a reload with %s keeps the old certificate, and says so', async (_what, content, reason) => {
  const { load, put, lines } = await setUp();
  const identity = await load();
  const before = identity.serverOptions;
  await put(content);
  expect(await identity.reload()).toBe(false);
  expect(identity.serverOptions).toBe(before);
  expect(lines).toMatchObject([
    {
      level: 'error',
      msg: 'certificate not reloaded, keeping the old one',
      reason: expect.stringContaining(reason),
      validTo: expect.any(String),
    },
  ]);
  await put({ cert: localhost.cert, key: localhost.key });
  expect(await identity.reload()).toBe(true);
});

test.each([
  [
    { validFrom: new Date('2019-01-01'), validTo: new Date('2020-02-03T04:05:06Z') },
    'certificate has expired',
    { validTo: '2020-02-03T04:05:06.000Z' },
  ],
  [{ validFrom: new Date('2124-02-03T00:00:00Z') }, 'certificate is not valid yet', { validFrom: '2124-02-03T00:00:00.000Z' }],
])('a certificate of other dates is used, with a warning: %j', async (dates, msg, date) => {
  const { load, lines, files } = await setUp(makeCertificate(dates));
  const { serverOptions } = await load();
  expect(serverOptions.cert).toContain('BEGIN CERTIFICATE');
  expect(lines).toEqual([expect.objectContaining({ level: 'warn', msg, file: files.cert, ...date })]);
});

const encrypted = createPrivateKey(localhost.key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' });
const damaged = localhost.cert.replace(/\n.{20}/, `\n${'A'.repeat(20)}`);

test.each<[string, Content, RegExp]>([
  ['an empty certificate', { cert: '' }, /^--tls-cert .*cert\.pem: there is no certificate in it \(-----BEGIN CERTIFICATE-----\)$/],
  ['a key for a certificate', { cert: localhost.key }, /^--tls-cert .*cert\.pem: there is no certificate in it/],
  ['a damaged certificate', { cert: damaged }, /^--tls-cert .*cert\.pem: certificate 1 in it is damaged$/],
  ['a damaged second certificate', { cert: localhost.cert + damaged }, /certificate 2 in it is damaged$/],
  ['a certificate for a key', { key: localhost.cert }, /^--tls-key .*key\.pem: there is no private key in it that can be read$/],
  ['the key of another', { key: root.key }, /^--tls-key .*key\.pem: it is not the key of the certificate in .*cert\.pem$/],
  ['a key with a passphrase', { key: encrypted }, /^--tls-key .*key\.pem: the key has a passphrase; give one without$/],
  ['no client authority', { clientCa: 'none' }, /^--tls-client-ca .*ca\.pem: there is no certificate in it/],
  [
    'far too much',
    { cert: localhost.cert.padEnd(1_048_577) },
    /^--tls-cert .*cert\.pem: it has more than 1048576 bytes, which is the limit$/,
  ],
])('%s is refused in one line that names option and file', async (_what, content, message) => {
  const { load } = await setUp(content);
  const error = await refusal(load);
  expect(error).toMatchObject({ code: 'SERVICE_ERR_TLS', exitCode: 1, message: expect.stringMatching(message) });
  expect(error.message).not.toContain('\n');
  expect(error.message).not.toContain('secret');
});

test('a file of one MiB is read', async () => {
  const { load } = await setUp({ cert: localhost.cert.padEnd(1_048_576) });
  await expect(load()).resolves.toBeDefined();
});

test('a file that is not there, a folder, and one that must not be read say which', async () => {
  const { files, log, path } = await setUp();
  const load = (cert: string) => refusal(() => loadTlsIdentity({ ...files, cert }, log));
  expect((await load(path('missing.pem'))).message).toMatch(/^--tls-cert .*missing\.pem: no such file \(ENOENT\)$/);
  expect((await load(path('cert.pem/x'))).message).toMatch(/no such file \(ENOTDIR\)$/);
  expect((await load(path('.'))).message).toMatch(/it is a folder \(EISDIR\)$/);
  await chmod(files.cert, 0);
  // Root reads everything.
  if (process.getuid?.() !== 0) expect((await load(files.cert)).message).toMatch(/no permission to read it \(EACCES\)$/);
});

test('a pipe and a device are refused at once, also by a reload', async () => {
  const { files, load, lines, log, path } = await setUp();
  const pipe = path('pipe');
  execFileSync('mkfifo', [pipe]);
  for (const cert of [pipe, '/dev/zero']) {
    const error = await refusal(() => loadTlsIdentity({ ...files, cert }, log));
    expect(error.message).toMatch(/^--tls-cert .*: it is not a regular file$/);
  }
  const identity = await load();
  await rm(files.cert);
  await rename(pipe, files.cert);
  expect(await identity.reload()).toBe(false);
  expect(lines.at(-1)).toMatchObject({
    msg: 'certificate not reloaded, keeping the old one',
    reason: expect.stringContaining('not a regular file'),
  });
});

test('a connection whose PROXY header was read is given to TLS', async () => {
  const { load } = await setUp();
  const secure = createServer((await load()).serverOptions, (socket) => socket.end('hello'));
  const front = createTcpServer((socket) => {
    const reader = createProxyHeaderReader();
    const onData = (chunk: Buffer) => {
      const progress = reader.push(chunk);
      if (progress.state === 'more') return;
      socket.off('data', onData).pause();
      socket.unshift(progress.rest);
      secure.emit('connection', socket);
    };
    socket.on('data', onData);
  });
  onTestFinished(() => void front.close());
  const client = await connectTo(await listen(front));
  client.write(v2Header());
  const socket = connect({ socket: client, servername: 'localhost', ca: root.cert });
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  expect(text).toBe('hello');
});

async function parse(args: readonly string[]): Promise<TlsFiles | undefined> {
  const program = createProgram({ name: 'demo', version: '1.0.0', description: '' });
  for (const each of tlsOptions('demo')) program.addOption(each);
  program.action(() => undefined);
  await program.parseAsync([...args], { from: 'user' });
  return tlsFiles(program.opts());
}

test('the options name the files: both or none', async () => {
  expect(await parse([])).toBeUndefined();
  expect(await parse(['--tls-cert', 'c', '--tls-key', 'k'])).toEqual({ cert: 'c', key: 'k' });
  expect(await parse(['--tls-cert', 'c', '--tls-key', 'k', '--tls-client-ca', 'a'])).toEqual({ cert: 'c', key: 'k', clientCa: 'a' });
  await expect(parse(['--tls-cert', 'c'])).rejects.toThrow('--tls-cert needs --tls-key beside it');
  await expect(parse(['--tls-key', 'k'])).rejects.toThrow('--tls-key needs --tls-cert beside it');
  await expect(parse(['--tls-client-ca', 'a'])).rejects.toMatchObject({ code: 'SERVICE_ERR_USAGE', exitCode: 2 });
});
