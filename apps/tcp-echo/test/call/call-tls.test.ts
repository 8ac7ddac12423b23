import { once } from 'node:events';
import { createServer } from 'node:tls';
import { listening } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { failureOf, runLoad } from '../../src/call/index.ts';
import { loadOf, serving } from './call-servers.ts';
import type { TlsClient } from '@socklab/client';
import type { Socket } from 'node:net';

// Self-signed, for localhost and 127.0.0.1, valid until 2126, made by: openssl req -x509 -newkey ec
// -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUEWN4wo68QmIPzlXcSBSEQbL9yJQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjE4MTgwM1oYDzIxMjYxMDI5
MTgxODAzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATYryA3wrHkCN9t9TY5XE4eyl18NvbJJxu6MXTuIfG67scZp6M5kyx/
Y7qJQrBWmF0l+DYHvt6kb6sdYuD3iXFko28wbTAdBgNVHQ4EFgQUhngJ3lsenZbM
MdiuEtlfLtjxjrAwHwYDVR0jBBgwFoAUhngJ3lsenZbMMdiuEtlfLtjxjrAwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAJF9dbqw/H9kubgeAkXRC/hV/Y9q8BkrXAnfUw5IKVKOAiBR
pCexhmgEEhJ+T1AgIkzyalnPL9ovDh3ZSQ7fMNu/Lw==
-----END CERTIFICATE-----
`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgFo0nSdxl1QB54h1d
77LOjMp7iHecRfI1aCbYrciPLnqhRANCAATYryA3wrHkCN9t9TY5XE4eyl18NvbJ
Jxu6MXTuIfG67scZp6M5kyx/Y7qJQrBWmF0l+DYHvt6kb6sdYuD3iXFk
-----END PRIVATE KEY-----
`;

async function echoOverTls() {
  const server = createServer({ cert: CERTIFICATE, key: KEY, allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => connections.add(socket));
  const port = await listening(server);
  return {
    target: { host: '127.0.0.1', port },
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of connections) socket.destroy();
      await once(server, 'close');
    },
  };
}

const client = (tls: Partial<TlsClient>): TlsClient => ({ ca: undefined, insecure: false, servername: undefined, ...tls });

test('a load over TLS trusts the authority that is given, and verifies every byte', async () => {
  await using server = await echoOverTls();
  const report = await runLoad({ target: server.target, tls: client({ ca: CERTIFICATE }), ...loadOf(2000, { connections: 4, depth: 8 }) });
  expect(failureOf(report)).toBeUndefined();
  expect(report).toMatchObject({ isTls: true, payloadBytes: 2000 * 64, connections: { opened: 4, lost: 0 } });
});

test.each<[string, Partial<TlsClient>, RegExp]>([
  ['nobody vouches for', {}, /^the certificate is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\); --tls-ca FILE trusts its authority/],
  [
    'is of another name',
    { ca: CERTIFICATE, servername: 'example.org' },
    /^the certificate is for another name: .*; --servername NAME checks another/,
  ],
])('a certificate that %s is refused, with the option that would take it', async (_, tls, message) => {
  await using server = await echoOverTls();
  const refused = runLoad({ target: server.target, tls: client(tls), ...loadOf(1) });
  await expect(refused).rejects.toMatchObject({ code: 'CLIENT_ERR_TLS', message: expect.stringMatching(message) });
});

test('insecure takes any certificate', async () => {
  await using server = await echoOverTls();
  const report = await runLoad({ target: server.target, tls: client({ insecure: true, servername: 'example.org' }), ...loadOf(5) });
  expect(report.messages.answered).toBe(5);
});

test('a server that speaks no TLS is told apart from one that hangs up', async () => {
  await using plain = await serving((socket) => void socket.write('220 plain text'));
  const refused = runLoad({ target: plain.target, tls: client({}), ...loadOf(1) });
  await expect(refused).rejects.toMatchObject({ code: 'CLIENT_ERR_TLS', message: expect.stringMatching(/does the server speak TLS\?$/) });
  await using deaf = await serving((socket) => socket.on('data', () => socket.destroy()));
  const hungUp = runLoad({ target: deaf.target, tls: client({}), ...loadOf(1) });
  await expect(hungUp).rejects.toMatchObject({ message: 'the server closed the connection before the TLS handshake completed' });
  await using mute = await serving((socket) => void socket.resume());
  const waited = runLoad({ target: mute.target, tls: client({}), ...loadOf(1, { timeoutMs: 50 }) });
  await expect(waited).rejects.toMatchObject({ code: 'CLIENT_ERR_CONNECT_TIMEOUT', message: 'no connection within 50 ms' });
});
