import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { bindUdp, defaultListen, listenTcp, parseEndpoint, resolveEndpoints } from '@socklab/service';
import { inheritableTcp, inheritableUdp } from '@socklab/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { inheritedEndpoints } from '../../src/listen/systemd.ts';
import { startFixture } from '../process.ts';
import { connected, readAll } from '../sockets.ts';
import type { Endpoint, Environment } from '@socklab/service';

const PID = 42;
const passed = (fds: string, names?: string): Environment => ({
  LISTEN_PID: '42',
  LISTEN_FDS: fds,
  ...(names === undefined ? {} : { LISTEN_FDNAMES: names }),
});
const resolve = (texts: readonly string[], env: Environment) =>
  resolveEndpoints(
    texts.map((text) => parseEndpoint(text, 'tcp')),
    env,
    PID,
  );
const fds = (...numbers: readonly number[]): Endpoint[] => numbers.map((fd) => ({ kind: 'fd', fd }));

test('descriptors count from 3, in their order, each with its name', () => {
  expect(inheritedEndpoints(passed('3', 'web:web:admin'), PID)).toEqual([
    { kind: 'fd', fd: 3, name: 'web' },
    { kind: 'fd', fd: 4, name: 'web' },
    { kind: 'fd', fd: 5, name: 'admin' },
  ]);
  expect(inheritedEndpoints(passed('1'), PID)).toEqual([{ kind: 'fd', fd: 3, name: 'unknown' }]);
});

test.each<[string, Environment]>([
  ['nothing is set', {}],
  ['they are for another process', { LISTEN_FDS: '1', LISTEN_PID: '43' }],
  ['no process is named', { LISTEN_FDS: '1' }],
  ['there are none', passed('0', '')],
])('no sockets are inherited when %s', (_when, env) => {
  expect(inheritedEndpoints(env, PID)).toEqual([]);
  expect(defaultListen(env, PID, fds(7))).toEqual(fds(7));
});

test.each([
  [passed('x'), 'LISTEN_FDS="x": the number of sockets passed on is 0 to 1024'],
  [passed('-1'), 'LISTEN_FDS="-1"'],
  [passed('1025'), 'LISTEN_FDS="1025"'],
  [passed('2', 'web'), 'LISTEN_FDNAMES="web" has 1 names for 2 sockets of LISTEN_FDS'],
  [passed('1', 'a:b'), 'LISTEN_FDNAMES="a:b" has 2 names for 1 sockets'],
])('%j contradicts itself: one error says how', (env, message) => {
  expect(() => inheritedEndpoints(env, PID)).toThrow(message);
  expect(() => resolveEndpoints(defaultListen(env, PID, []), env, PID)).toThrow(message);
});

const three = ['3', 'web:admin:web'] as const;

test('systemd stands for all sockets, systemd:NAME for those of that name, each once', () => {
  expect(resolve(['systemd'], passed(...three))).toEqual(fds(3, 4, 5));
  expect(resolve(['systemd:web'], passed(...three))).toEqual(fds(3, 5));
  expect(resolve(['systemd:admin', 'systemd', 'fd:5'], passed(...three))).toEqual(fds(4, 3, 5));
  expect(resolve(['127.0.0.1:9000', 'systemd:admin'], passed(...three))).toEqual([
    { kind: 'ip', host: '127.0.0.1', port: 9000 },
    ...fds(4),
  ]);
});

test('the variables are gone afterwards, whether they were for us or not, asked for or not', () => {
  for (const variables of [passed('1', 'web'), { LISTEN_FDS: '1', LISTEN_PID: '43', LISTEN_PIDFDID: '9' }]) {
    const env: Environment = { ...variables, PATH: '/bin' };
    resolve(['127.0.0.1:9000'], env);
    expect(env).toEqual({ PATH: '/bin' });
  }
});

test('the variables are gone when they are wrong, too', () => {
  const env: Environment = { ...passed('x'), PATH: '/bin' };
  expect(() => resolve(['systemd'], env)).toThrow('LISTEN_FDS="x"');
  expect(env).toEqual({ PATH: '/bin' });
});

test('a socket that was not passed on is one clear error', () => {
  expect(() => resolve(['systemd'], {})).toThrow('systemd: systemd passed no socket to this process');
  expect(() => resolve(['systemd:web'], passed('0'))).toThrow('systemd:web: systemd passed no socket to this process');
  expect(() => resolve(['systemd:web'], passed('2', 'echo.socket:admin'))).toThrow(
    'systemd:web: systemd passed no socket of that name; it passed echo.socket, admin',
  );
});

test('where one address is wanted, sockets of systemd are refused in one line', async () => {
  const refusal = { code: 'SERVICE_ERR_USAGE', message: 'systemd:admin: only --listen takes the sockets of systemd; give fd:N here' };
  await expect(listenTcp(createServer(), parseEndpoint('systemd:admin', 'tcp'))).rejects.toMatchObject(refusal);
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  await expect(bindUdp(socket, parseEndpoint('systemd:admin', 'udp'))).rejects.toMatchObject(refusal);
});

/** Starts the listener as systemd does: it is exec'ed, so the process LISTEN_PID names is the one that listens. */
function startActivated(sockets: readonly { readonly fd: number }[], names: string, args: readonly string[] = []) {
  return startFixture('listener', args, {
    env: { LISTEN_FDS: String(sockets.length), LISTEN_FDNAMES: names },
    stdio: ['ignore', 'pipe', 'pipe', ...sockets.map(({ fd }) => fd)],
    through: ['/bin/sh', '-c', 'export LISTEN_PID=$$; exec "$@"', 'sh'],
  });
}

test('a service started with sockets of systemd listens on them without being told, and passes no variable on', async () => {
  using one = inheritableTcp();
  using two = inheritableTcp();
  await using service = startActivated([one, two], 'web:admin');
  expect(await service.log('environment')).toMatchObject({ left: [] });
  expect(await service.log('listening')).toMatchObject({
    endpoints: [`tcp://127.0.0.1:${one.port}`, `tcp://127.0.0.1:${two.port}`],
  });
  expect(await readAll(await connected({ host: '127.0.0.1', port: two.port }))).toBe(String(service.pid));
  service.child.kill('SIGTERM');
  expect(await service.exit()).toMatchObject({ code: 0, stderr: '' });
});

test('--listen systemd:NAME takes that socket alone', async () => {
  using one = inheritableTcp();
  using two = inheritableTcp();
  await using service = startActivated([one, two], 'web:admin', ['--listen', 'systemd:admin']);
  expect(await service.log('listening')).toMatchObject({ endpoints: [`tcp://127.0.0.1:${two.port}`] });
});

test('a UDP service listens on the UDP socket of systemd', async () => {
  using socket = inheritableUdp();
  await using service = startActivated([socket], 'udp', ['--transport', 'udp']);
  // Before anything is sent: a datagram goes to one of those who have the socket.
  socket.close();
  expect(await service.log('listening')).toMatchObject({ endpoints: [`udp://127.0.0.1:${socket.port}`] });
  const client = createSocket('udp4');
  onTestFinished(() => void client.close());
  const answer = once(client, 'message');
  client.send('hello', socket.port, '127.0.0.1');
  expect(String((await answer)[0])).toBe(String(service.pid));
});

test.each([
  ['TCP', 'UDP', inheritableUdp, [], 'it is not an inherited stream socket'],
  ['UDP', 'TCP', inheritableTcp, ['--transport', 'udp'], 'it is not an inherited UDP socket'],
])('a %s service given a %s socket says so in one line, exit 1', async (_service, _socket, inheritable, args, reason) => {
  using socket = inheritable();
  await using service = startActivated([socket], 'wrong', args);
  const { code, stderr } = await service.exit();
  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`^listener: cannot listen on fd:3: ${reason} \\(\\w+\\)\\n$`));
});

test('--listen systemd in a process that nobody activated is one line, exit 2', async () => {
  await using service = startFixture('listener', ['--listen', 'systemd']);
  const { code, stderr } = await service.exit();
  expect(code).toBe(2);
  expect(stderr).toMatch(/^listener: systemd: systemd passed no socket to this process .*\n$/);
});
