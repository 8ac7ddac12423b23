import { connectTo, foreignPeer, readAll, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startEcho } from '../start.ts';

const nc = foreignPeer('nc');
const script = foreignPeer('script');

test('--once greets one client with exactly four bytes, logs its reply and exits 0', async () => {
  await using echo = await startEcho(['--session', 'greet', '--greeting', 'haha', '--once']);
  const client = await connectTo(echo.port, { allowHalfOpen: true });
  const answer = readAll(client);
  client.write('哈哈');
  expect((await answer).toString()).toBe('haha');
  client.end();
  const address = `127.0.0.1:${client.localPort}`;
  expect(await echo.program.log('connection accepted')).toMatchObject({ peer: address });
  expect(await echo.program.log('reply received')).toMatchObject({ text: '哈哈', bytes: 6 });
  expect((await echo.program.exit()).code).toBe(0);
  await expect(connectTo(echo.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a reply is read to at most 1024 bytes, and what is not text is shown escaped', async () => {
  await using echo = await startEcho(['--session', 'greet', '--once']);
  const client = await connectTo(echo.port);
  client.end(Buffer.concat([Buffer.from([0xff, 0x1b]), Buffer.alloc(2000, 'x')]));
  await readAll(client);
  const { text, bytes } = await echo.program.log('reply received');
  expect(bytes).toBe(1024);
  expect(text).toBe(`\\xff\\x1b${'x'.repeat(1022)}`);
});

test('a client that leaves without a reply is logged and ends --once with exit 0', async () => {
  await using echo = await startEcho(['--session', 'greet', '--once']);
  const client = await connectTo(echo.port);
  client.end();
  expect((await readAll(client)).toString()).toBe('hello');
  expect(await echo.program.log('connection closed')).toMatchObject({ reason: 'peer-ended' });
  expect((await echo.program.exit()).code).toBe(0);
});

test('tcp-echo connect prints the greeting, answers and exits 0', async () => {
  await using echo = await startEcho(['--session', 'greet', '--greeting', 'haha', '--once']);
  await using client = startProgram('tcp-echo', ['connect', `127.0.0.1:${echo.port}`, '--session', 'greet', '--say', 'hahahaha']);
  expect(await client.exit()).toMatchObject({ code: 0, stdout: 'haha\n', stderr: '' });
  expect(await echo.program.log('reply received')).toMatchObject({ text: 'hahahaha' });
  expect((await echo.program.exit()).code).toBe(0);
});

test('with a framing both sides speak in frames', async () => {
  await using echo = await startEcho(['--session', 'greet', '--greeting', 'haha', '--framing', 'i32le', '--once']);
  const client = await connectTo(echo.port);
  client.end(Buffer.from('0200000068690400', 'hex'));
  expect((await readAll(client)).toString('hex')).toBe(`04000000${Buffer.from('haha').toString('hex')}`);
  expect(await echo.program.log('reply received')).toMatchObject({ text: 'hi' });
});

test.skipIf(!script.available)('a ten-line blocking client in another language is greeted and heard', async () => {
  await using echo = await startEcho(['--session', 'greet', '--greeting', 'haha', '--once']);
  await using client = script.tcpClient(echo.port);
  expect(await client.nextRead()).toEqual(Buffer.from('haha'));
  client.write('hahahaha\n');
  expect(await echo.program.log('reply received')).toMatchObject({ text: 'hahahaha', bytes: 8 });
  expect(await client.nextRead()).toEqual(Buffer.alloc(0));
  expect((await echo.program.exit()).code).toBe(0);
});

test.skipIf(!nc.available)('nc is greeted and heard, its newline included', async () => {
  await using echo = await startEcho(['--session', 'greet', '--greeting', 'haha', '--once']);
  await using client = nc.tcpClient(echo.port);
  await client.waitFor(/^haha$/);
  client.write('hahahaha\n');
  expect(await echo.program.log('reply received')).toMatchObject({ text: String.raw`hahahaha\n`, bytes: 9 });
  client.endInput();
  expect((await echo.program.exit()).code).toBe(0);
});
