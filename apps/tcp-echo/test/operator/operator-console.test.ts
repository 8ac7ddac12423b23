import { closed, connectTo, readAll, receive } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startEcho } from '../start.ts';
import type { Echo } from '../start.ts';
import type { Socket } from 'node:net';

const OPERATOR = ['--session', 'operator'];

/** Connects clients one after the other, each seen by the service before the next. */
async function arrive(echo: Echo, count: number): Promise<Socket[]> {
  const clients: Socket[] = [];
  for (let nth = 1; nth <= count; nth++) {
    clients.push(await connectTo(echo.port));
    await echo.program.log('connection accepted', { nth });
  }
  return clients;
}

/** Waits until it is the turn of a connection: the operator is asked what to say to it. */
async function turnOf(echo: Echo, id: number): Promise<void> {
  echo.program.write('/who\n');
  await echo.program.line(new RegExp(String.raw`^${id} .* serving `));
}

const closedLog = (echo: Echo, id: number) => echo.program.log('connection closed', { where: ({ conn }) => conn === id });

test('/who shows who is served and who waits, with what they sent and got', async () => {
  await using echo = await startEcho(OPERATOR);
  const [first, second] = await arrive(echo, 2);
  echo.program.write('hello\n');
  await receive(first!, 5);
  first!.write('hey');
  await echo.program.line(/ : hey$/);
  echo.program.write('/who\n');
  const lineOf = (id: number, port: number | undefined, rest: string) =>
    echo.program.line(new RegExp(String.raw`^${id} +127\.0\.0\.1:${port} +${rest}$`));
  await lineOf(1, first!.localPort, String.raw`serving +\d+s +3 +5 +1 +1`);
  await lineOf(2, second!.localPort, String.raw`waiting +1 +\d+s +0 +0 +0 +0`);
});

test('/to reaches a client that waits, while the service waits for the answer of another; nothing is said to that one', async () => {
  await using echo = await startEcho(OPERATOR);
  const [first, second] = await arrive(echo, 2);
  echo.program.write('your turn\n');
  await receive(first!, 9);
  echo.program.write('/to 2 two more minutes\n');
  expect((await receive(second!, 16)).toString()).toBe('two more minutes');
  await echo.program.line(/^sent to 2$/);
  first!.write('thanks');
  await echo.program.line(/ : thanks$/);
  echo.program.write('/quit\n');
  expect((await readAll(first!)).toString()).toBe('q');
});

test('/all reaches everybody, framed', async () => {
  await using echo = await startEcho([...OPERATOR, '--framing', 'u8']);
  const clients = await arrive(echo, 3);
  echo.program.write('/all 你好\n');
  for (const client of clients) expect((await receive(client, 7)).toString()).toBe('\u0006你好');
  await echo.program.line(/^sent to 3 of 3$/);
});

test('what the framing cannot carry is sent to nobody', async () => {
  await using echo = await startEcho([...OPERATOR, '--framing', 'u8']);
  const [only] = await arrive(echo, 1);
  echo.program.write(`/all ${'x'.repeat(300)}\n/to 1 ${'y'.repeat(256)}\n/to 1 short\n`);
  expect((await receive(only!, 6)).toString()).toBe('\u0005short');
  await echo.program.line(/not sent: payload of 300 bytes, limit 255/);
  await echo.program.line(/not sent: payload of 256 bytes, limit 255/);
});

test('a client that does not read is told nothing more once --max-pending waits for it', async () => {
  await using echo = await startEcho([...OPERATOR, '--max-pending', '1KiB', '--max-frame', '16MiB']);
  const [deaf] = await arrive(echo, 1);
  deaf!.pause();
  echo.program.write(`/to 1 ${'x'.repeat(8_000_000)}\n/to 1 more\n`);
  await echo.program.line(/^not sent: 1 does not read: \d+ bytes are waiting, limit 1024$/);
  echo.program.write('/kick 1\n');
  expect(await closedLog(echo, 1)).toMatchObject({ reason: 'kicked' });
  deaf!.on('error', () => undefined).destroy();
});

test('/kick ends the connection that is served, and the next in line is served', async () => {
  await using echo = await startEcho(OPERATOR);
  const [first, second] = await arrive(echo, 2);
  await turnOf(echo, 1);
  echo.program.write('/kick 1\n');
  expect((await readAll(first!)).length).toBe(0);
  first!.end();
  expect(await closedLog(echo, 1)).toMatchObject({ reason: 'kicked' });
  echo.program.write('hello second\n');
  expect((await receive(second!, 12)).toString()).toBe('hello second');
});

test('/kick ends a connection that waits, and one whose answer is waited for', async () => {
  await using echo = await startEcho(OPERATOR);
  const [first, second] = await arrive(echo, 2);
  echo.program.write('/kick 2\n');
  expect((await readAll(second!)).length).toBe(0);
  second!.end();
  expect(await closedLog(echo, 2)).toMatchObject({ reason: 'kicked' });
  echo.program.write('well?\n');
  await receive(first!, 5);
  echo.program.write('/kick 1\n');
  expect((await readAll(first!)).length).toBe(0);
  first!.end();
  expect(await closedLog(echo, 1)).toMatchObject({ reason: 'kicked' });
});

test.each([
  ['while the operator is asked', ''],
  ['while the answer of the client is waited for', 'well?'],
])('/next says the quit word, ends the conversation and serves the next in line %s', async (_, said) => {
  await using echo = await startEcho(OPERATOR);
  const [first, second] = await arrive(echo, 2);
  await turnOf(echo, 1);
  if (said !== '') echo.program.write(`${said}\n`);
  expect((await receive(first!, said.length)).toString()).toBe(said);
  echo.program.write('/next\n');
  expect((await readAll(first!)).toString()).toBe('q');
  first!.end();
  expect(await closedLog(echo, 1)).toMatchObject({ reason: 'operator-next' });
  echo.program.write('hello second\n');
  expect((await receive(second!, 12)).toString()).toBe('hello second');
});

test('/next with nobody there says so', async () => {
  await using echo = await startEcho(OPERATOR);
  echo.program.write('/next\n');
  await echo.program.line(/^nobody is being served$/);
});

test('/quit tells the quit word to the one served and to those in line, drains, and exits 0', async () => {
  await using echo = await startEcho(OPERATOR);
  const clients = await arrive(echo, 3);
  echo.program.write('never answered\n');
  await receive(clients[0]!, 14);
  echo.program.write('not said any more\n/quit\n/all too late\n');
  for (const client of clients) {
    expect((await readAll(client)).toString()).toBe('q');
    client.end();
  }
  expect((await echo.program.exit()).code).toBe(0);
  expect(echo.program.logs('connection closed').map(({ reason }) => reason)).toEqual(['operator-left', 'operator-left', 'operator-left']);
});

test('/quit with nobody there exits 0', async () => {
  await using echo = await startEcho(OPERATOR);
  echo.program.write('/quit\n');
  expect((await echo.program.exit()).code).toBe(0);
});

test('SIGTERM while the answer of a client is waited for tells it the quit word', async () => {
  await using echo = await startEcho(OPERATOR);
  const [only] = await arrive(echo, 1);
  echo.program.write('well?\n');
  await receive(only!, 5);
  echo.program.signal('SIGTERM');
  expect((await readAll(only!)).toString()).toBe('q');
  only!.end();
  expect((await echo.program.exit()).code).toBe(0);
  expect(await closedLog(echo, 1)).toMatchObject({ reason: 'drain' });
});

test('a command that is none is one clear line, and nothing is sent; two slashes say one', async () => {
  await using echo = await startEcho(OPERATOR);
  const [only] = await arrive(echo, 1);
  echo.program.write('/nobody\n/to 7 hello\n/kick\n//who are you\n');
  expect((await receive(only!, 12)).toString()).toBe('/who are you');
  await echo.program.line(
    /^unknown command \/nobody; commands: \/who \/to \/all \/kick \/next \/quit \/help; begin a text with two slashes$/,
  );
  await echo.program.line(/^no connection 7: \/who shows the open ones$/);
  await echo.program.line(/^\/kick: ID is missing; usage: \/kick ID$/);
});

test('with --mode concurrent, /next ends the conversation whose turn it is', async () => {
  await using echo = await startEcho([...OPERATOR, '--mode', 'concurrent']);
  const [first, second] = await arrive(echo, 2);
  echo.program.write('to the first\n');
  await receive(first!, 12);
  echo.program.write('/next\n');
  expect((await readAll(second!)).toString()).toBe('q');
  second!.end();
  expect(await closedLog(echo, 2)).toMatchObject({ reason: 'operator-next' });
  first!.destroy();
  await closed(first!);
});
