import { boundUdp, startProgram, startProgramTerminal, terminalAvailable } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startClient } from '../start.ts';

test('--say sends exactly one datagram, prints the answer and exits 0', async () => {
  await using server = await boundUdp();
  await using client = startClient(server.port, ['--say', '你好']);
  const { payload, peer } = await server.next();
  expect(payload).toEqual(Buffer.from('你好'));
  await server.send('再见', peer.port);
  expect(await client.exit()).toMatchObject({ code: 0, stdout: '再见\n', stderr: '' });
  expect(server.waiting).toBe(0);
});

test('--say with an empty text sends the empty datagram', async () => {
  await using server = await boundUdp();
  await using client = startClient(server.port, ['--say', '']);
  const { payload, peer } = await server.next();
  expect(payload).toHaveLength(0);
  await server.send('', peer.port);
  expect(await client.exit()).toMatchObject({ code: 0, stdout: '\n' });
});

test('an answer from anybody else does not count', async () => {
  await using server = await boundUdp();
  await using stranger = await boundUdp();
  await using client = startClient(server.port, ['--say', 'hi']);
  const { peer } = await server.next();
  await stranger.send('forged', peer.port);
  await server.send('true', peer.port);
  expect(await client.exit()).toMatchObject({ code: 0, stdout: 'true\n' });
});

test('no answer in time is one line with its code, exit 1', async () => {
  await using silent = await boundUdp();
  await using client = startClient(silent.port, ['--say', 'hi', '--timeout', '50ms']);
  const { code, stdout, stderr } = await client.exit();
  expect(stderr).toBe(`udp-multi: no answer from 127.0.0.1:${silent.port} within 50 ms (CLIENT_ERR_NO_ANSWER)\n`);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
});

test('a port where nothing listens is one line that says so, exit 1', async () => {
  const gone = await boundUdp();
  await gone.close();
  await using client = startClient(gone.port, ['--say', 'hi']);
  const { code, stdout, stderr } = await client.exit();
  expect(stderr).toBe(`udp-multi: 127.0.0.1:${gone.port} refused: nothing listens on that UDP port (CLIENT_ERR_REFUSED)\n`);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
});

test('without --say each line is a datagram, answered before the next; the quit word is sent and ends it', async () => {
  await using server = await boundUdp();
  await using client = startClient(server.port);
  client.write('one\ntwo\nq\nnever\n');
  const first = await server.next();
  expect(first.text).toBe('one');
  expect(server.waiting).toBe(0);
  await server.send('1', first.peer.port);
  expect((await server.next()).text).toBe('two');
  await server.send('2', first.peer.port);
  expect((await server.next()).text).toBe('q');
  expect(await client.exit()).toMatchObject({ code: 0, stdout: '1\n2\n' });
  expect(server.waiting).toBe(0);
});

test('the quit word as an answer ends it', async () => {
  await using server = await boundUdp();
  await using client = startClient(server.port);
  client.write('hi\n');
  const { peer } = await server.next();
  await server.send('q', peer.port);
  expect(await client.exit()).toMatchObject({ code: 0, stdout: 'q\n' });
});

test('the quit word ends it at the prompt too', async () => {
  await using server = await boundUdp();
  await using client = startClient(server.port);
  client.write('hi\n');
  const { peer } = await server.next();
  await server.send('hello', peer.port);
  await client.line(/^hello$/);
  await server.send('q', peer.port);
  expect((await client.exit()).code).toBe(0);
});

test('--quit changes the word, and empty disables it', async () => {
  await using server = await boundUdp();
  await using client = startClient(server.port, ['--quit', '']);
  client.write('q\n');
  const { peer, text } = await server.next();
  expect(text).toBe('q');
  await server.send('q', peer.port);
  await client.line(/^q$/);
  client.endInput();
  expect((await client.exit()).code).toBe(0);
});

test('a server that is gone ends the conversation with one line, exit 1', async () => {
  const server = await boundUdp();
  await using client = startClient(server.port);
  client.write('hi\n');
  const { peer } = await server.next();
  await server.send('hello', peer.port);
  await client.line(/hello/);
  await server.close();
  client.write('still there?\n');
  const { code, stderr } = await client.exit();
  expect(stderr).toContain('CLIENT_ERR_REFUSED');
  expect(code).toBe(1);
});

test('a text that does not fit in one datagram is one short line, exit 2, and nothing is sent', async () => {
  await using server = await boundUdp();
  await using client = startClient(server.port, ['--say', 'x'.repeat(65_508)]);
  const { code, stderr } = await client.exit();
  expect(stderr).toBe('udp-multi: a text of 65,508 bytes does not fit in one datagram: at most 65,507 bytes over IPv4\n');
  expect(code).toBe(2);
  expect(server.waiting).toBe(0);
});

test('65,507 bytes fit, over IPv6 65,527', async () => {
  for (const [host, bytes] of [
    ['127.0.0.1', 65_507],
    ['::1', 65_527],
  ] as const) {
    await using server = await boundUdp(host);
    await using client = startProgram('udp-multi', ['send', host === '::1' ? `[::1]:${server.port}` : `${host}:${server.port}`]);
    client.write(`${'x'.repeat(bytes)}\n`);
    const { payload, peer } = await server.next();
    expect(payload).toHaveLength(bytes);
    await server.send('q', peer.port);
    expect((await client.exit()).code).toBe(0);
  }
});

test('an answer is shown escaped', async () => {
  await using server = await boundUdp();
  await using client = startClient(server.port, ['--say', 'hi']);
  const { peer } = await server.next();
  await server.send(Buffer.from([0xff, 0x1b, 0x07]), peer.port);
  expect(await client.exit()).toMatchObject({ code: 0, stdout: `${String.raw`\xff\x1b\x07`}\n` });
});

test('a host name is resolved', async () => {
  await using server = await boundUdp();
  await using client = startClient(`localhost:${server.port}`, ['--say', 'hi']);
  const { peer } = await server.next();
  await server.send('there', peer.port);
  expect(await client.exit()).toMatchObject({ code: 0, stdout: 'there\n' });
});

test.skipIf(!terminalAvailable())('on a terminal what arrives comes above the prompt', async () => {
  await using server = await boundUdp();
  await using terminal = startProgramTerminal('udp-multi', ['send', `127.0.0.1:${server.port}`]);
  await terminal.waitFor(/>>> $/);
  terminal.enter('你好');
  const { peer, text } = await server.next();
  expect(text).toBe('你好');
  await server.send('hello', peer.port);
  await terminal.waitFor(/hello\n>>> $/);
  terminal.write('half a li');
  await terminal.waitFor(/>>> half a li$/);
  await server.send('not asked for', peer.port);
  await terminal.waitFor(/not asked for\n>>> half a li$/);
  await server.send('q', peer.port);
  expect((await terminal.exit()).code).toBe(0);
});
