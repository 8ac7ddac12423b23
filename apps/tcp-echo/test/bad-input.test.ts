import { closed, connectTo, readAll, receive, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { startEcho } from './start.ts';

test.each([
  [['--nonsense'], /unknown option '--nonsense'/],
  [['--listen', 'tcp://127.0.0.1:70000'], /70000.*65535/],
  [['--listen', 'tcp://'], /tcp:\/\//],
  [['--listen', 'banana'], /banana.*tcp:\/\/127\.0\.0\.1:9000/],
  [['--listen'], /--listen.*argument missing/],
  [['--session', 'sing'], /sing.*echo, greet, operator/],
  [['--mode', 'parallel'], /parallel.*concurrent, queue/],
  [['--framing', 'u40be'], /u40be.*raw, line, i32le/],
  [['--max-frame', '64k'], /64k.*64KiB/],
  [['--drain-timeout', 'soon'], /soon.*500ms/],
  [['--max-connections', '-1'], /-1.*whole number/],
  [
    ['--framing', 'line', '--session', 'greet', '--greeting', 'a\nb'],
    /--greeting: --framing line cannot carry it: a line cannot contain LF/,
  ],
  [['--framing', 'u8', '--session', 'greet', '--greeting', 'x'.repeat(256)], /--greeting: --framing u8 cannot carry it: .*256.*255/],
  [
    ['--framing', 'u8', '--max-frame', '20', '--session', 'greet', '--greeting', 'you are {addr}'],
    /--greeting: --framing u8 cannot carry it/,
  ],
  [['--framing', 'line', '--goodbye', 'a\nb'], /--goodbye: --framing line cannot carry it/],
  [['--framing', 'line', '--session', 'operator', '--quit', 'a\nb'], /--quit: --framing line cannot carry it/],
  [['--framing', 'line', '--mode', 'queue', '--queue-notice', 'a\n{pos}'], /--queue-notice: --framing line cannot carry it/],
  [['surprise'], /too many arguments|unknown command/],
  [['connect'], /missing required argument 'target'/],
  [['connect', '127.0.0.1'], /127\.0\.0\.1.*HOST:PORT/],
  [['connect', '127.0.0.1:70000'], /70000.*65535/],
  [['connect', '127.0.0.1:1', '--framing', 'line', '--say', 'a\nb'], /--say: --framing line cannot carry it/],
  [['connect', '127.0.0.1:1', '--framing', 'line', '--session', 'operator', '--quit', 'a\nb'], /--quit: --framing line cannot carry it/],
  [['call', '127.0.0.1:1', '--framing', 'line', '--message', 'a\nb'], /--message: --framing line cannot carry it/],
  [['call', '127.0.0.1:1', '--framing', 'modbus', '--max-frame', '1'], /--max-frame is 1, but the smallest frame of modbus has 7 bytes/],
])('%j is one clear line and exit 2', async (args, message) => {
  await using program = startProgram('tcp-echo', args);
  const { code, stdout, stderr } = await program.exit();
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test('a text that no client hears need not fit in the framing', async () => {
  const args = ['--framing', 'line', '--greeting', 'a\nb', '--quit', 'a\nb', '--queue-notice', 'a\nb'];
  await using echo = await startEcho(args);
  const client = await connectTo(echo.port);
  client.end('hi\n');
  expect((await readAll(client)).toString()).toBe('hi\n');
});

test('a bad environment variable is named', async () => {
  await using program = startProgram('tcp-echo', [], { env: { TCP_ECHO_LISTEN: 'tcp://127.0.0.1:70000' } });
  const { code, stderr } = await program.exit();
  expect(stderr).toContain('TCP_ECHO_LISTEN');
  expect(code).toBe(2);
});

test.each([
  ['a frame over the limit', Buffer.from('ffffff7f', 'hex'), 'FRAME_ERR_TOO_LARGE'],
  ['a negative length', Buffer.from('ffffffff', 'hex'), 'FRAME_ERR_MALFORMED_LENGTH'],
  ['garbage', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'FRAME_ERR_TOO_LARGE'],
])('%s closes that connection with one log line and disturbs nobody', async (_, bytes, code) => {
  await using echo = await startEcho(['--framing', 'i32le']);
  const bystander = await connectTo(echo.port);
  const attacker = await connectTo(echo.port);
  attacker.write(bytes);
  await closed(attacker);
  expect(await echo.program.log('connection closed')).toMatchObject({ level: 'warn', conn: 2, reason: 'frame-error', code });
  bystander.write(Buffer.from('020000006869', 'hex'));
  expect((await receive(bystander, 6)).toString('hex')).toBe('020000006869');
  bystander.destroy();
  await echo.program.log('connection closed', { where: ({ conn }) => conn === 1 });
  expect(echo.program.logs().filter(({ level }) => level === 'warn' || level === 'error')).toHaveLength(1);
});

test('half a frame and then an end: what was complete is answered, the rest is FRAME_ERR_TRUNCATED', async () => {
  await using echo = await startEcho(['--framing', 'i32le']);
  const client = await connectTo(echo.port);
  client.end(Buffer.from('02000000686905000000ff', 'hex'));
  const whole = await receive(client, 6);
  expect(whole.toString('hex')).toBe('020000006869');
  expect(await echo.program.log('connection closed')).toMatchObject({ reason: 'frame-error', code: 'FRAME_ERR_TRUNCATED', messagesIn: 1 });
});

test('a reset is one log line with its code', async () => {
  await using echo = await startEcho();
  const client = await connectTo(echo.port);
  client.write('x');
  await receive(client, 1);
  client.resetAndDestroy();
  expect(await echo.program.log('connection closed')).toMatchObject({ reason: 'reset', code: 'ECONNRESET' });
  const next = await connectTo(echo.port);
  next.end('alive');
  expect((await readAll(next)).toString()).toBe('alive');
});

test('connecting to a port where nobody listens is one clear line and exit 1', async () => {
  const echo = await startEcho(['--once']);
  await using _ = echo;
  const occupant = await connectTo(echo.port);
  occupant.end();
  await echo.program.exit();
  await using client = startProgram('tcp-echo', ['connect', `127.0.0.1:${echo.port}`, '--say', 'hi']);
  const { code, stderr } = await client.exit();
  expect(code).toBe(1);
  expect(stderr).toContain('ECONNREFUSED');
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('a server that closes before the echo is complete is CLIENT_ERR_CLOSED_EARLY, exit 1', async () => {
  await using echo = await startEcho(['--session', 'greet', '--once']);
  await using client = startProgram('tcp-echo', ['connect', `127.0.0.1:${echo.port}`, '--say', 'longer than hello']);
  const { code, stderr } = await client.exit();
  expect(code).toBe(1);
  expect(stderr).toMatch(/^tcp-echo: the server closed the connection before the echo.* \(CLIENT_ERR_CLOSED_EARLY\)\n$/);
});
