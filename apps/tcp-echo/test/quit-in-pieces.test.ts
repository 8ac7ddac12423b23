import { connectTo, foreignPeer, readAll, receive, startProgram, startTerminal, terminalAvailable } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { serving } from './call/call-servers.ts';
import { startEcho } from './start.ts';
import type { Echo } from './start.ts';

const OPERATOR = ['--session', 'operator'];
const nc = foreignPeer('nc');

/** Waits until the service has read so many bytes of a connection, as its operator is shown them. */
async function hasRead(echo: Echo, id: number, byteLength: number): Promise<void> {
  for (let nth = 1; ; nth++) {
    echo.program.write('/who\n');
    const row = await echo.program.line(new RegExp(`^${id} .* serving `), { nth });
    if (row.split(/ +/)[4] === String(byteLength)) return;
  }
}

const closedLog = (echo: Echo, id: number) => echo.program.log('connection closed', { where: ({ conn }) => conn === id });

test('a client that sends by characters says "quick": its q ends nothing, and the next conversation is not touched', async () => {
  await using echo = await startEcho(OPERATOR);
  const client = await connectTo(echo.port, { noDelay: true });
  echo.program.write('well?\n');
  await receive(client, 5);
  client.write('q');
  await hasRead(echo, 1, 1);
  client.write('u');
  await echo.program.line(/ : qu$/);
  for (const key of ['i', 'c', 'k', '\r\n']) client.write(key);
  echo.program.write('go on\n');
  expect((await receive(client, 5)).toString()).toBe('go on');
  echo.program.write('/next\n');
  expect((await readAll(client)).toString()).toBe('q');
  client.end();
  expect(await closedLog(echo, 1)).toMatchObject({ reason: 'operator-next' });
  const bystander = await connectTo(echo.port);
  echo.program.write('hello\n');
  expect((await receive(bystander, 5)).toString()).toBe('hello');
});

test.each([
  ['one piece and no end of its side', ['q']],
  ['a line that comes in three pieces', ['q', '\r', '\n']],
])('the q of a client ends the conversation: %s', async (_, pieces) => {
  await using echo = await startEcho(OPERATOR);
  const client = await connectTo(echo.port, { noDelay: true });
  echo.program.write('well?\n');
  await receive(client, 5);
  for (const piece of pieces) client.write(piece);
  expect((await readAll(client)).length).toBe(0);
  client.end();
  await echo.program.line(/ : q(\\r)?$/);
  expect(await closedLog(echo, 1)).toMatchObject({ reason: 'quit' });
});

test('a client that has ended lines says q and waits: that is the beginning of a line, shown and answered', async () => {
  await using echo = await startEcho(OPERATOR);
  const client = await connectTo(echo.port, { noDelay: true });
  echo.program.write('well?\n');
  await receive(client, 5);
  client.write('hello\r\n');
  await echo.program.line(/ : hello$/);
  echo.program.write('and?\n');
  await receive(client, 4);
  client.write('q');
  await echo.program.line(/ : q$/);
  client.write('uick\r\n');
  echo.program.write('what?\n');
  await echo.program.line(/ : uick$/);
  expect(echo.program.logs('connection closed')).toEqual([]);
});

test('the q of a client that ends its side at once ends the conversation without a pause', async () => {
  await using echo = await startEcho(OPERATOR);
  const client = await connectTo(echo.port);
  echo.program.write('well?\n');
  await receive(client, 5);
  client.end('q');
  expect(await closedLog(echo, 1)).toMatchObject({ reason: 'quit', messagesIn: 1 });
});

test('with a framing q is a message, whatever follows it', async () => {
  await using echo = await startEcho([...OPERATOR, '--framing', 'u8']);
  const client = await connectTo(echo.port);
  echo.program.write('well?\n');
  await receive(client, 6);
  client.write('\u0001q\u0004uick');
  expect((await readAll(client)).length).toBe(0);
  client.end();
  expect(await closedLog(echo, 1)).toMatchObject({ reason: 'quit' });
});

test('the client goes on when a message of the operator that begins with q comes in pieces', async () => {
  await using server = await serving((socket) => {
    socket.write('q');
    setImmediate(() => socket.write('uick'));
    socket.once('data', () => socket.end('q'));
  });
  await using client = startProgram('tcp-echo', ['connect', `127.0.0.1:${server.target.port}`, ...OPERATOR]);
  client.write('what?\n');
  expect(await client.exit()).toMatchObject({ code: 0, stdout: 'quick\nq\n' });
});

test.skipIf(!terminalAvailable() || !nc.available)(
  'in a terminal that sends every key by itself a person types a line, then q',
  async () => {
    await using echo = await startEcho(OPERATOR);
    await using terminal = startTerminal(['sh', '-c', `stty raw -echo && exec nc 127.0.0.1 ${echo.port}`]);
    echo.program.write('well?\n');
    await terminal.waitFor(/well\?/);
    terminal.write('q');
    await hasRead(echo, 1, 1);
    terminal.write('u');
    await echo.program.line(/ : qu$/);
    for (const key of 'ick\n') terminal.write(key);
    echo.program.write('and?\n');
    await terminal.waitFor(/and\?/);
    await echo.program.line(/ : (i|ic|ick|c|k)$/);
    expect(echo.program.logs('connection closed')).toEqual([]);
  },
);
