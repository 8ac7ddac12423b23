import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { closed, connectTo, readAll, receive } from '@socklab/testkit';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ask, codeOf, roundTrip, startObserved } from '../observed.ts';
import { AUTHORITY, SERVER } from './certificates.ts';
import type { Socket } from 'node:net';

const V1 = 'PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n';
/** The same in version 2: signature, version and command, family and protocol, 12 bytes of addresses. */
const V2 = Buffer.from('0d0a0d0a000d0a515549540a 21 11 000c c0a80001 c0a8000b dc04 01bb'.replaceAll(' ', ''), 'hex');
/** A proxy that asks on its own account, as a health check does. */
const LOCAL = Buffer.from('0d0a0d0a000d0a515549540a 20 00 0000'.replaceAll(' ', ''), 'hex');

const TRUSTED = ['--proxy-protocol', '127.0.0.1'];
const CLIENT = '192.168.0.1:56324';

test('a header says whose connection it is, in each version; what follows in the same segment is echoed', async () => {
  await using observed = await startObserved(TRUSTED);
  const { echo } = observed;
  const headers: readonly (readonly [header: string | Buffer, peer: string | undefined])[] = [
    [V1, CLIENT],
    [V2, CLIENT],
    ['PROXY TCP6 2001:db8::1 2001:db8::b 56324 443\r\n', '[2001:db8::1]:56324'],
    ['PROXY UNKNOWN\r\n', undefined],
    [LOCAL, undefined],
  ];
  for (const [index, [header, peer]] of headers.entries()) {
    const client = await connectTo(echo.port);
    const own = `127.0.0.1:${client.localPort}`;
    client.end(Buffer.concat([Buffer.from(header), Buffer.from('hi')]));
    expect((await readAll(client)).toString()).toBe('hi');
    expect(await echo.program.log('connection accepted', { nth: index + 1 })).toMatchObject({ peer: peer ?? own });
    expect(await echo.program.log('connection closed', { nth: index + 1 })).toMatchObject({
      reason: 'peer-ended',
      bytesIn: 2,
      bytesOut: 2,
    });
  }
});

test.each([
  ['version 1', Buffer.from(V1)],
  ['version 2', V2],
])('a header of %s is read cut at every place, and nothing of it is echoed', async (_, header) => {
  await using observed = await startObserved(TRUSTED);
  const { echo } = observed;
  const wire = Buffer.concat([header, Buffer.from('payload')]);
  const cuts = Array.from({ length: wire.length + 1 }, (_each, cut) => cut);
  const answers = await Promise.all(
    cuts.map(async (cut) => {
      const client = await connectTo(echo.port, { noDelay: true });
      client.write(wire.subarray(0, cut));
      // A round trip on a connection of its own: the first part has then been read.
      if (cut % 4 === 0) await ask(echo.port, `${V1}x`);
      client.end(wire.subarray(cut));
      return (await readAll(client)).toString();
    }),
  );
  expect(answers).toEqual(cuts.map(() => 'payload'));
});

test('a large echo behind a header arrives whole, whether or not it began with the header', async () => {
  await using observed = await startObserved(TRUSTED);
  const text = 'behind a proxy '.repeat(200_000);
  expect((await ask(observed.echo.port, `${V1}${text}`)) === text).toBe(true);
  const client = await connectTo(observed.echo.port);
  client.write(V1);
  await observed.echo.program.log('connection accepted', { nth: 2 });
  const answer = readAll(client);
  client.end(text);
  expect((await answer).toString() === text).toBe(true);
});

test('a header and an end at once is a client that says nothing', async () => {
  await using observed = await startObserved(TRUSTED);
  expect(await ask(observed.echo.port, V1)).toBe('');
  expect(await observed.echo.program.log('connection closed')).toMatchObject({ reason: 'peer-ended', bytesIn: 0, bytesOut: 0 });
  expect(await observed.admin.metric('received_bytes_total')).toBe(0);
});

test('whoever is no trusted proxy has no header: its bytes are bytes', async () => {
  await using observed = await startObserved(['--proxy-protocol', '127.0.0.2']);
  const { port, program } = observed.echo;
  expect(await ask(port, `${V1}hi`)).toBe(`${V1}hi`);
  expect(await ask(port, `${V1}hi`, { localAddress: '127.0.0.2' })).toBe('hi');
  expect(program.logs('connection accepted').map(({ peer }) => String(peer).split(':')[0])).toEqual(['127.0.0.1', '192.168.0.1']);
});

describe('a proxy that does not say who its client is', () => {
  let observed: Awaited<ReturnType<typeof startObserved>>;
  beforeAll(async () => {
    observed = await startObserved([...TRUSTED, '--frame-timeout', '1s']);
  });
  afterAll(() => observed[Symbol.asyncDispose]());

  test.each<[string, (client: Socket) => void]>([
    ['sends no header', (client) => void client.write('hello, is anybody there?\r\n')],
    ['sends one that is wrong', (client) => void client.write('PROXY TCP4 192.168.0.999 192.168.0.11 56324 443\r\n')],
    ['sends half of one and ends', (client) => void client.end(V1.slice(0, 20))],
    ['sends half of one and resets', (client) => void client.write(V1.slice(0, 20), () => client.resetAndDestroy())],
    ['sends half of one and no more', (client) => void client.write(V2.subarray(0, 13))],
    ['says nothing', () => undefined],
  ])('%s: proxy-error, counted once, and others are served', async (_, begin) => {
    const { echo, admin } = observed;
    const conn = (await admin.metric('connections_total')) + 1;
    const client = await connectTo(echo.port);
    while ((await admin.metric('connections_total')) < conn);
    const gone = closed(client);
    begin(client);
    await gone;
    const closing = await echo.program.log('connection closed', { where: (entry) => entry['conn'] === conn });
    expect(closing).toMatchObject({ level: 'warn', reason: 'proxy-error', error: expect.any(String) });
    expect(await ask(echo.port, `${V1}served`)).toBe('served');
    const errors = echo.program.logs('connection closed').filter(({ reason }) => reason === 'proxy-error');
    expect(await admin.metric('connections_closed_total{reason="proxy-error"}')).toBe(errors.length);
    expect(echo.program.logs().filter(({ level }) => level === 'error')).toEqual([]);
  });
});

test('limits are for the client that the header names, not for the proxy', async () => {
  await using observed = await startObserved([...TRUSTED, '--deny', '10.0.0.0/8', '--max-per-ip', '1']);
  const { echo, admin } = observed;
  const first = await connectTo(echo.port);
  first.write(`${V1}first`);
  expect((await receive(first, 5)).toString()).toBe('first');
  expect(await ask(echo.port, `${V1}one too many`)).toBe('ECONNRESET');
  expect(await echo.program.log('connection refused')).toMatchObject({ reason: 'max-per-ip', peer: CLIENT });
  expect(await ask(echo.port, `${V1.replace('192.168.0.1 ', '192.168.0.2 ')}another`)).toBe('another');
  expect(await ask(echo.port, `${V1.replace('192.168.0.1 ', '10.0.0.1 ')}denied`)).toBe('ECONNRESET');
  expect(await echo.program.log('connection refused', { nth: 2 })).toMatchObject({ reason: 'denied', peer: '10.0.0.1:56324' });
  first.end();
  await echo.program.log('connection closed', { where: ({ conn }) => conn === 1 });
  expect(await ask(echo.port, `${V1}room`)).toBe('room');
  expect(await admin.sum('connections_refused_total')).toBe(2);
});

test('--max-per-ip counts an IPv6 network as one client, and an IPv4 address as one however a header writes it', async () => {
  await using observed = await startObserved([...TRUSTED, '--max-per-ip', '2', '--ipv6-prefix', '64']);
  const { echo } = observed;
  const hold = async (version: 'TCP4' | 'TCP6', source: string): Promise<string> => {
    const client = await connectTo(echo.port);
    client.write(`PROXY ${version} ${source} ${version === 'TCP4' ? '10.0.0.9' : '2001:db8::9'} 5000 443\r\nhi`);
    return receive(client, 2).then(String, codeOf);
  };
  const ofOneNetwork = ['2001:db8::1', '2001:db8::2', '2001:db8::ffff:1', '2001:db8:0:0:1::'];
  const answers = [];
  for (const source of ofOneNetwork) answers.push(await hold('TCP6', source));
  expect(answers).toEqual(['hi', 'hi', 'ECONNRESET', 'ECONNRESET']);
  expect(await hold('TCP6', '2001:db8:0:1::1')).toBe('hi');
  expect(await hold('TCP4', '1.2.3.4')).toBe('hi');
  expect(await hold('TCP6', '::ffff:1.2.3.4')).toBe('hi');
  expect(await hold('TCP6', '::ffff:102:304')).toBe('ECONNRESET');
});

test('a client behind a proxy waits in line like any other', async () => {
  await using observed = await startObserved([...TRUSTED, '--mode', 'queue']);
  const { echo } = observed;
  const first = await connectTo(echo.port);
  first.write(`${V1}first`);
  expect((await receive(first, 5)).toString()).toBe('first');
  const second = ask(echo.port, `${V1}second`);
  await echo.program.log('waiting in the queue');
  // One that only its proxy spoke for said nothing, and has left when it ends.
  expect(await ask(echo.port, V1)).toBe('');
  expect(await echo.program.log('connection closed')).toMatchObject({ conn: 3, reason: 'left', bytesIn: 0 });
  first.end();
  expect(await second).toBe('second');
});

test('a header is not read for ever: a service that stops cuts who has sent none', async () => {
  await using observed = await startObserved([...TRUSTED, '--frame-timeout', '0s']);
  const { echo, admin } = observed;
  const silent = await connectTo(echo.port);
  silent.on('error', () => undefined);
  while ((await admin.metric('connections_total')) === 0);
  echo.program.signal('SIGTERM');
  expect((await echo.program.exit()).code).toBe(0);
  expect(await echo.program.log('connection closed')).toMatchObject({ reason: 'drain' });
  silent.destroy();
});

test('TLS comes behind the header', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tcp-echo-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await Promise.all([writeFile(cert, SERVER.cert), writeFile(key, SERVER.key)]);
  await using observed = await startObserved([...TRUSTED, '--tls-cert', cert, '--tls-key', key]);
  const { echo } = observed;
  const plain = await connectTo(echo.port);
  plain.write(V1);
  const client = connect({ socket: plain, ca: AUTHORITY, servername: 'localhost' });
  await once(client, 'secureConnect');
  expect(await roundTrip(client, 'hello')).toBe('hello');
  expect(await echo.program.log('connection accepted')).toMatchObject({ peer: CLIENT });
  client.destroy();
  expect(await echo.program.log('connection closed')).toMatchObject({ bytesIn: 5, bytesOut: 5 });
  const mute = await connectTo(echo.port);
  mute.end(`${V1}no TLS`);
  expect(await closed(mute).then(() => 'closed', codeOf)).toBe('closed');
  expect(await echo.program.log('connection closed', { where: ({ conn }) => conn === 2 })).toMatchObject({
    reason: 'tls-error',
    peer: CLIENT,
  });
});
