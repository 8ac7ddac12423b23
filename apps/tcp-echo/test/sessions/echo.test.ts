import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { FRAMINGS } from '@socklab/framing';
import { connectTo, foreignPeer, readAll, receive, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { serving } from '../call/call-servers.ts';
import { startEcho } from '../start.ts';
import { carriesEmpty } from './framings.ts';

const nc = foreignPeer('nc');

test('raw bytes come back as they were, 4 MiB of them', async () => {
  await using echo = await startEcho();
  const bytes = randomBytes(4 * 1024 * 1024);
  const client = await connectTo(echo.port);
  const answer = readAll(client);
  client.end(bytes);
  expect((await answer).equals(bytes)).toBe(true);
  expect(await echo.program.log('connection closed')).toMatchObject({
    reason: 'peer-ended',
    bytesIn: bytes.length,
    bytesOut: bytes.length,
  });
});

test.each(FRAMINGS.filter(({ keepsBoundaries }) => keepsBoundaries))('$name frames come back whole, cut at every byte', async (framing) => {
  await using echo = await startEcho(['--framing', framing.name]);
  const codec = framing.create();
  const texts = carriesEmpty(framing) ? ['one', '', '哈哈哈哈哈'] : ['one', '哈哈哈哈哈'];
  const payloads = framing.exampleFrames ?? texts.map((text) => Buffer.from(text));
  const wire = Buffer.concat(payloads.map((payload) => codec.encode(payload)));
  const client = await connectTo(echo.port, { noDelay: true });
  for (const byte of wire) client.write(Buffer.of(byte));
  expect(await receive(client, wire.length)).toEqual(wire);
  client.end();
  expect(await echo.program.log('connection closed')).toMatchObject({ messagesIn: payloads.length, messagesOut: payloads.length });
});

test('a client that never reads is not read either: the memory of the server stays bounded', async () => {
  await using echo = await startEcho();
  const client = await connectTo(echo.port);
  client.pause();
  const before = await residentBytes(echo.program.pid);
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  let sent = 0;
  // Until both kernels' buffers are full and the server, which cannot send, has stopped reading.
  while (client.write(chunk) || client.writableLength < 64 * 1024 * 1024) sent += chunk.length;
  const other = await connectTo(echo.port);
  other.end('the service still answers');
  expect((await readAll(other)).toString()).toBe('the service still answers');
  expect(sent).toBeGreaterThan(32 * 1024 * 1024);
  expect((await residentBytes(echo.program.pid)) - before).toBeLessThan(24 * 1024 * 1024);
  client.destroy();
  await once(client, 'close');
});

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

test('the client says one thing and prints its echo, or each line of its input', async () => {
  await using echo = await startEcho();
  const target = `127.0.0.1:${echo.port}`;
  await using single = startProgram('tcp-echo', ['connect', target, '--say', '你好']);
  expect(await single.exit()).toMatchObject({ code: 0, stdout: '你好\n' });
  await using lines = startProgram('tcp-echo', ['connect', target, '--framing', 'raw']);
  lines.write('one\ntwo\nq\n');
  expect(await lines.exit()).toMatchObject({ code: 0, stdout: 'one\ntwo\n' });
});

test.each([
  [
    'another byte',
    'jello',
    [],
    'byte 0 of the answer is wrong: expected 68 65 6c 6c 6f, received 6a 65 6c 6c 6f (CLIENT_ERR_WRONG_ANSWER)',
  ],
  ['one too many', 'hello!', [], 'byte 5 of the answer is wrong: expected its end, received 21 (CLIENT_ERR_WRONG_ANSWER)'],
  [
    'another message',
    '\u0004help',
    ['--framing', 'u8'],
    'byte 3 of the answer is wrong: expected 6c 6f, received 70 (CLIENT_ERR_WRONG_ANSWER)',
  ],
])('the client shows an echo that is none, with %s, and exits with 1', async (_, answer, options, error) => {
  await using server = await serving((socket) => void socket.once('data', () => socket.end(answer)));
  await using client = startProgram('tcp-echo', ['connect', `127.0.0.1:${server.target.port}`, '--say', 'hello', ...options]);
  expect(await client.exit()).toMatchObject({ code: 1, stdout: `${answer.replace('\u0004', '')}\n`, stderr: `tcp-echo: ${error}\n` });
});

test('the client reads while it sends: 8 MiB on one command line of frames do not deadlock', async () => {
  await using echo = await startEcho(['--framing', 'u32be', '--max-frame', '16MiB']);
  await using client = startProgram('tcp-echo', ['connect', `127.0.0.1:${echo.port}`, '--framing', 'u32be', '--max-frame', '16MiB']);
  client.write(`${'x'.repeat(8 * 1024 * 1024)}\nq\n`);
  expect((await client.exit()).code).toBe(0);
  expect(await echo.program.log('connection closed')).toMatchObject({ messagesIn: 2, bytesIn: 8 * 1024 * 1024 + 4 + 5 });
});

test('one connection over --max-connections is reset and counted, the others go on', async () => {
  await using echo = await startEcho(['--max-connections', '1']);
  const first = await connectTo(echo.port);
  await echo.program.log('connection accepted');
  // On a busy machine the reset is there before the client knows that it is connected.
  await expect(connectTo(echo.port).then(readAll)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await echo.program.log('connection refused')).toMatchObject({ reason: 'max-connections' });
  first.end('x');
  expect((await readAll(first)).toString()).toBe('x');
});

test.skipIf(!nc.available)('printf hi | nc gets its answer although its side has ended', async () => {
  await using echo = await startEcho();
  await using client = nc.tcpClient(echo.port);
  client.write('hi');
  client.endInput();
  expect(await client.exit()).toMatchObject({ code: 0, stdout: 'hi' });
});
