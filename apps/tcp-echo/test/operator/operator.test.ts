import { connectTo, foreignPeer, keys, readAll, receive, startProgram, startProgramTerminal, terminalAvailable } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startEcho } from '../start.ts';

const nc = foreignPeer('nc');
const script = foreignPeer('script');

test('the operator speaks first, then the client, in turn; q from the operator is sent and closes both', async () => {
  await using echo = await startEcho(['--session', 'operator']);
  const client = await connectTo(echo.port);
  echo.program.write('你好\n');
  expect((await receive(client, 6)).toString()).toBe('你好');
  client.write('hello');
  await echo.program.line(new RegExp(String.raw`\('127\.0\.0\.1', ${client.localPort}\) : hello`));
  echo.program.write('q\n');
  expect((await readAll(client)).toString()).toBe('q');
  client.end();
  expect(await echo.program.log('connection closed')).toMatchObject({ reason: 'quit', messagesIn: 1, messagesOut: 2 });
});

test('q from the client closes both, a terminal newline after it allowed', async () => {
  await using echo = await startEcho(['--session', 'operator']);
  const client = await connectTo(echo.port);
  echo.program.write('hi\n');
  await receive(client, 2);
  client.write('q\r\n');
  expect((await readAll(client)).length).toBe(0);
  client.end();
  expect(await echo.program.log('connection closed')).toMatchObject({ reason: 'quit' });
});

test('--quit changes the word, and the old one is an ordinary message', async () => {
  await using echo = await startEcho(['--session', 'operator', '--quit', 'bye']);
  const client = await connectTo(echo.port);
  echo.program.write('q\n');
  expect((await receive(client, 1)).toString()).toBe('q');
  client.write('q');
  await echo.program.line(/ : q$/);
  echo.program.write('bye\n');
  expect((await readAll(client)).toString()).toBe('bye');
});

test('an empty --quit disables the word', async () => {
  await using echo = await startEcho(['--session', 'operator', '--quit', '']);
  const client = await connectTo(echo.port);
  echo.program.write('q\n');
  expect((await receive(client, 1)).toString()).toBe('q');
  client.write('q');
  await echo.program.line(/ : q$/);
  client.end();
  expect(await echo.program.log('connection closed')).toMatchObject({ reason: 'peer-ended' });
});

test('when standard input ends, the client is told q, the service drains and exits 0', async () => {
  await using echo = await startEcho(['--session', 'operator']);
  const client = await connectTo(echo.port);
  const { localPort } = client;
  echo.program.write('last words\n');
  echo.program.endInput();
  expect((await receive(client, 10)).toString()).toBe('last words');
  client.write('and mine');
  expect((await readAll(client)).toString()).toBe('q');
  client.end();
  const { code, stdout } = await echo.program.exit();
  expect(code).toBe(0);
  expect(stdout).toBe(`('127.0.0.1', ${localPort}) : and mine\n`);
});

test('lines that came before a client wait for it', async () => {
  await using echo = await startEcho(['--session', 'operator']);
  echo.program.write('early\n');
  const client = await connectTo(echo.port);
  expect((await receive(client, 5)).toString()).toBe('early');
});

test('a line that was being asked for when the client left goes to the next client', async () => {
  await using echo = await startEcho(['--session', 'operator']);
  const first = await connectTo(echo.port);
  await echo.program.log('connection accepted');
  first.write('words before leaving');
  first.end();
  await echo.program.log('connection closed');
  await echo.program.line(/words before leaving/);
  const second = await connectTo(echo.port);
  echo.program.write('hello second\n');
  expect((await receive(second, 12)).toString()).toBe('hello second');
  expect((await readAll(first)).length).toBe(0);
});

test('what a client sends cannot act on the terminal: it is shown escaped', async () => {
  await using echo = await startEcho(['--session', 'operator']);
  const client = await connectTo(echo.port);
  echo.program.write('hi\n');
  await receive(client, 2);
  client.write(Buffer.from([0x1b, 0x5b, 0x32, 0x4a, 0xff, 0x07]));
  await echo.program.line(/ : \\x1b\[2J\\xff\\x07$/);
});

test('a line that the framing cannot carry is not sent, and the operator is asked again', async () => {
  await using echo = await startEcho(['--session', 'operator', '--framing', 'u8']);
  const client = await connectTo(echo.port);
  echo.program.write(`${'x'.repeat(300)}\nshort\n`);
  expect((await receive(client, 6)).toString()).toBe('\u0005short');
  await echo.program.line(/not sent: payload of 300 bytes, limit 255/);
});

test('two tcp-echo programs talk over pipes', async () => {
  await using echo = await startEcho(['--session', 'operator']);
  await using client = startProgram('tcp-echo', ['connect', `127.0.0.1:${echo.port}`, '--session', 'operator']);
  echo.program.write('one\n');
  await client.line(/one$/);
  client.write('two\n');
  await echo.program.line(/ : two$/);
  echo.program.write('q\n');
  await client.line(/q$/);
  expect((await client.exit()).code).toBe(0);
});

test('the client program quits with q as well', async () => {
  await using echo = await startEcho(['--session', 'operator']);
  await using client = startProgram('tcp-echo', ['connect', `127.0.0.1:${echo.port}`, '--session', 'operator']);
  echo.program.write('one\n');
  await client.line(/one$/);
  client.write('q\n');
  expect((await client.exit()).code).toBe(0);
  await echo.program.line(/ : q$/);
  expect(await echo.program.log('connection closed')).toMatchObject({ reason: 'quit' });
});

test.skipIf(!terminalAvailable())('on a terminal there is a >>> prompt, and Ctrl-C says goodbye and exits 0', async () => {
  await using terminal = startProgramTerminal('tcp-echo', ['--session', 'operator', '--listen', 'tcp://127.0.0.1:0']);
  const [, port] = await terminal.waitFor(/tcp:\/\/127\.0\.0\.1:(\d+)/);
  const client = await connectTo(Number(port));
  await terminal.waitFor(/>>> $/);
  terminal.enter('hello from the terminal');
  expect((await receive(client, 23)).toString()).toBe('hello from the terminal');
  client.write('and back\n');
  await terminal.waitFor(/ : and back/);
  await terminal.waitFor(/>>> $/);
  terminal.write(keys.ctrlC);
  expect((await readAll(client)).toString()).toBe('q');
  client.end();
  expect((await terminal.exit()).code).toBe(0);
});

test.skipIf(!script.available)('a blocking client in another language converses until its q', async () => {
  await using echo = await startEcho(['--session', 'operator']);
  await using client = script.tcpClient(echo.port);
  echo.program.write('你好\n');
  expect(await client.nextRead()).toEqual(Buffer.from('你好'));
  client.write('hi\n');
  await echo.program.line(/ : hi$/);
  echo.program.write('again\n');
  expect(await client.nextRead()).toEqual(Buffer.from('again'));
  client.write('q\n');
  expect((await client.exit()).code).toBe(0);
  expect(await echo.program.log('connection closed')).toMatchObject({ reason: 'quit' });
});

test.skipIf(!script.available)('a blocking client in another language ends on the q of the operator', async () => {
  await using echo = await startEcho(['--session', 'operator']);
  await using client = script.tcpClient(echo.port);
  echo.program.write('q\n');
  expect((await client.exit()).code).toBe(0);
});

test.skipIf(!nc.available)('nc converses; its newlines are not shown', async () => {
  await using echo = await startEcho(['--session', 'operator']);
  await using client = nc.tcpClient(echo.port);
  echo.program.write('hi\n');
  await client.waitFor(/hi/);
  client.write('hello\n');
  await echo.program.line(/ : hello$/);
  echo.program.write('q\n');
  await client.waitFor(/hiq/);
  // netcat stays until its own input ends.
  client.endInput();
  expect((await client.exit()).code).toBe(0);
});
