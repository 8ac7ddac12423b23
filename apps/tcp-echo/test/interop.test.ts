import { spawnSync } from 'node:child_process';
import { connectTo, foreignPeer, startCommand } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { roundTrip } from './observed.ts';
import { startEcho } from './start.ts';

/** Whether a program is there: a test of what it does is skipped elsewhere. */
const has = (command: string): boolean => spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;
const nc = foreignPeer('nc');
const python = foreignPeer('python3');

/** Each way in which somebody's client sends its standard input, ends its side, and prints the answer. */
const CLIENTS: readonly (readonly [name: string, isThere: boolean, command: (port: number) => readonly string[]])[] = [
  ['nc -N', nc.available, (port) => ['nc', '-N', '127.0.0.1', String(port)]],
  ['ncat', has('ncat'), (port) => ['ncat', '127.0.0.1', String(port)]],
  ['socat', has('socat'), (port) => ['socat', '-t', '20', '-', `TCP:127.0.0.1:${port}`]],
  ['bash', has('bash'), (port) => ['bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${port}; t=$(cat); printf %s "$t" >&3; head -c \${#t} <&3`]],
  [
    'python3',
    python.available,
    (port) => [
      'python3',
      '-c',
      `import socket, sys
s = socket.create_connection(('127.0.0.1', ${port}))
s.sendall(sys.stdin.buffer.read())
s.shutdown(socket.SHUT_WR)
while chunk := s.recv(1024): sys.stdout.buffer.write(chunk)`,
    ],
  ],
];

for (const [name, isThere, command] of CLIENTS) {
  test.skipIf(!isThere)(`${name} gets back what it sent, though it has ended its side`, async () => {
    await using echo = await startEcho();
    await using client = startCommand(command(echo.port));
    client.write('hi, 你好');
    client.endInput();
    expect(await client.exit()).toMatchObject({ code: 0, stdout: 'hi, 你好' });
  });
}

test.skipIf(!nc.available)('--framing line: nc gets each line, and the last that nothing ends', async () => {
  await using echo = await startEcho(['--framing', 'line']);
  await using client = nc.tcpClient(echo.port);
  client.write('one\r\ntwo\nthree');
  client.endInput();
  expect(await client.exit()).toMatchObject({ code: 0, stdout: 'one\ntwo\nthree\n' });
  expect(await echo.program.log('connection closed')).toMatchObject({ messagesIn: 3, reason: 'peer-ended' });
});

test('--framing line: a telnet, whose lines end with CR LF, gets each line as it is complete', async () => {
  await using echo = await startEcho(['--framing', 'line']);
  const telnet = await connectTo(echo.port);
  expect(await roundTrip(telnet, 'one\n')).toBe('one\n');
  telnet.write('two\r');
  expect(await roundTrip(telnet, '\n')).toBe('t');
  telnet.destroy();
});

test.skipIf(!python.available)("--framing i32le: Python's struct.pack('i') and this service understand each other", async () => {
  await using echo = await startEcho(['--framing', 'i32le']);
  await using client = startCommand([
    'python3',
    '-c',
    `import socket, struct
s = socket.create_connection(('127.0.0.1', ${echo.port}))
f = s.makefile('rb')
for text in ('one', '', 'x' * 60000):
    payload = text.encode()
    s.sendall(struct.pack('i', len(payload)) + payload)
    (length,) = struct.unpack('i', f.read(4))
    assert f.read(length) == payload
print('understood')`,
  ]);
  expect(await client.exit()).toMatchObject({ code: 0, stdout: 'understood\n' });
  expect(await echo.program.log('connection closed')).toMatchObject({ messagesIn: 3, messagesOut: 3 });
});
