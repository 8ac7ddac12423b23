import { PassThrough } from 'node:stream';
import { framingNames } from '@socklab/framing';
import { connectTo, meaningsOfZero, readAll, receive, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createTcpEchoProgram } from '../src/cli.ts';
import { framingOf } from '../src/options.ts';
import { ask, roundTrip, startObserved } from './observed.ts';
import { startEcho } from './start.ts';

const stream = new PassThrough();
const program = createTcpEchoProgram({ streams: { stdin: stream, stdout: stream, stderr: stream }, env: {}, pid: 0 });

test('each numeric option takes 0 for what its help says, or does not take it', () => {
  expect(meaningsOfZero(program), 'write what 0 means for each numeric option into this list, and into its help').toEqual({
    'tcp-echo --chargen-bytes': 'nothing',
    'tcp-echo --max-frame': 'refused',
    'tcp-echo --max-buffered': 'any number',
    'tcp-echo --max-connections': 'any number',
    'tcp-echo --max-per-ip': 'any number',
    'tcp-echo --accept-rate': 'refused',
    'tcp-echo --idle-timeout': 'for ever',
    'tcp-echo --frame-timeout': 'for ever',
    'tcp-echo --max-pending': 'refused',
    'tcp-echo --slow-timeout': 'for ever',
    'tcp-echo --ipv6-prefix': 'refused',
    'tcp-echo --queue-max': 'any number',
    'tcp-echo --queue-timeout': 'for ever',
    'tcp-echo --queue-buffer': 'nothing',
    'tcp-echo --port-busy-retries': 'none',
    'tcp-echo --port-busy-delay': 'at once',
    'tcp-echo --workers': 'refused',
    'tcp-echo --drain-timeout': 'it is cut at once',
    'tcp-echo --drain-delay': 'not at all',
    'connect --max-frame': 'refused',
    'connect --timeout': 'refused',
    'call --connections': 'refused',
    'call --messages': 'refused',
    'call --duration': 'refused',
    'call --size': 'refused',
    'call --depth': 'refused',
    'call --rate': 'refused',
    'call --max-frame': 'refused',
    'call --timeout': 'refused',
  });
});

test('limits of 0 are none: everybody is served, at once and in line', async () => {
  const none = ['--max-connections', '0', '--max-per-ip', '0', '--queue-max', '0', '--queue-timeout', '0', '--queue-buffer', '0'];
  await using observed = await startObserved(none);
  const clients = await Promise.all(Array.from({ length: 20 }, () => connectTo(observed.echo.port)));
  for (const client of clients) expect(await roundTrip(client, 'hello')).toBe('hello');
  for (const client of clients) client.destroy();
  expect(observed.echo.program.logs('max-connections lowered: the process may not open more files')).toEqual([]);

  await using inLine = await startEcho([...none, '--mode', 'queue']);
  const first = await connectTo(inLine.port);
  expect(await roundTrip(first, 'first')).toBe('first');
  const others = Array.from({ length: 100 }, (_, nth) => ask(inLine.port, `client ${nth}`));
  await inLine.program.log('waiting in the queue', { nth: 100 });
  first.end();
  expect(await Promise.all(others)).toEqual(Array.from({ length: 100 }, (_, nth) => `client ${nth}`));
});

test('--queue-buffer 0 reads nothing of a client that waits, and all of it once it is served', async () => {
  await using observed = await startObserved(['--mode', 'queue', '--queue-buffer', '0']);
  const { echo, admin } = observed;
  const first = await connectTo(echo.port);
  expect(await roundTrip(first, 'first')).toBe('first');
  const second = await connectTo(echo.port);
  second.end('second');
  await echo.program.log('waiting in the queue');
  expect(await admin.metric('received_bytes_total')).toBe(5);
  first.end();
  expect((await readAll(second)).toString()).toBe('second');
});

test('--chargen-bytes 0 sends nothing and ends', async () => {
  await using echo = await startEcho(['--session', 'chargen', '--chargen-bytes', '0']);
  expect((await readAll(await connectTo(echo.port))).length).toBe(0);
});

test('--port-busy-retries 0 does not try again', async () => {
  await using echo = await startEcho();
  const busy = ['--listen', `tcp://127.0.0.1:${echo.port}`, '--port-busy', 'retry', '--port-busy-delay', '0'];
  await using none = startProgram('tcp-echo', [...busy, '--port-busy-retries', '0']);
  expect((await none.exit()).code).toBe(69);
  expect(none.logs('address in use, trying again')).toEqual([]);
  await using three = startProgram('tcp-echo', [...busy, '--port-busy-retries', '3']);
  expect((await three.exit()).code).toBe(69);
  expect(three.logs('address in use, trying again')).toHaveLength(3);
});

test('--drain-delay 0 stops at once, --drain-timeout 0 cuts what is left at once', async () => {
  await using echo = await startEcho(['--drain-delay', '0', '--drain-timeout', '0']);
  const client = await connectTo(echo.port, { allowHalfOpen: true });
  client.on('error', () => undefined);
  client.write('hello');
  expect((await receive(client, 5)).toString()).toBe('hello');
  echo.program.signal('SIGTERM');
  await echo.program.exit();
  expect(echo.program.logs('connection closed')).toMatchObject([{ reason: expect.stringMatching(/^drain/) }]);
  expect(echo.program.logs('not ready; still accepting')).toEqual([]);
  client.destroy();
});

test('a --max-frame that no frame of the framing fits in is wrong usage, whatever the framing', async () => {
  const tooShort = framingNames.filter((framing) => {
    try {
      framingOf({ framing, maxFrame: 1 });
      return false;
    } catch (error) {
      expect(error).toMatchObject({
        code: 'SERVICE_ERR_USAGE',
        message: expect.stringMatching(/^--max-frame is 1, but the smallest frame/),
      });
      return true;
    }
  });
  expect(tooShort).toContain('modbus');
  await using refused = startProgram('tcp-echo', ['--framing', 'modbus', '--max-frame', '6']);
  const { code, stderr, stdout } = await refused.exit();
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe('tcp-echo: --max-frame is 6, but the smallest frame of modbus has 7 bytes\n');
});

test.each([
  ['--max-frame', '"0" is not a size above 0: give at least 1 byte.'],
  ['--max-pending', '"0" is not a size above 0: give at least 1 byte.'],
])('%s 0 is one clear line and exit 2', async (option, message) => {
  await using refused = startProgram('tcp-echo', [option, '0']);
  const { code, stderr, stdout } = await refused.exit();
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});
