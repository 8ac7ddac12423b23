import { boundUdp, inheritableTcp, inheritableUdp, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { portsOf, startServer } from './start.ts';

async function expectEcho(port: number, host?: string): Promise<void> {
  await using peer = await boundUdp(host);
  await peer.send('hello', port);
  const { text, peer: source } = await peer.next();
  expect(text).toBe('hello');
  expect(source.port).toBe(port);
}

test('listens on several endpoints at once, IPv6 too, and answers from the one that was asked', async () => {
  const listen = ['udp://127.0.0.1:0', '127.0.0.1:0', 'udp://[::1]:0', '[::1]:0'];
  await using program = startProgram(
    'udp-multi',
    listen.flatMap((endpoint) => ['--listen', endpoint]),
  );
  const [one = 0, two = 0, three = 0, four = 0] = await portsOf(program);
  await expectEcho(one);
  await expectEcho(two);
  await expectEcho(three, '::1');
  await expectEcho(four, '::1');
});

test('UDP_MULTI_LISTEN stands in for --listen, and the command line wins', async () => {
  const env = { UDP_MULTI_LISTEN: 'udp://127.0.0.1:0,udp://[::1]:0' };
  await using fromEnvironment = startProgram('udp-multi', [], { env });
  const [four = 0, six = 0] = await portsOf(fromEnvironment);
  await expectEcho(four);
  await expectEcho(six, '::1');
  await using fromArguments = startProgram('udp-multi', ['--listen', 'udp://127.0.0.1:0'], { env });
  expect(await portsOf(fromArguments)).toHaveLength(1);
});

test('listens on a wildcard address and warns of it', async () => {
  await using program = startProgram('udp-multi', ['--listen', 'udp://0.0.0.0:0']);
  const [port = 0] = await portsOf(program);
  await expectEcho(port);
  expect(JSON.stringify(program.logs().find(({ level }) => level === 'warn'))).toContain('0.0.0.0');
});

test('on udp://[::] IPv4 peers are answered as well', async () => {
  await using program = startProgram('udp-multi', ['--listen', 'udp://[::]:0']);
  const [port = 0] = await portsOf(program);
  await expectEcho(port);
  await expectEcho(port, '::1');
});

// IPv6 sockets can be told from IPv4 where /proc tells.
const families = process.platform === 'linux' ? ['127.0.0.1', '::1'] : ['127.0.0.1'];
test.each(families)('listens on fd:3, an inherited socket bound to %s', async (host) => {
  using inherited = inheritableUdp(host);
  await using program = startProgram('udp-multi', ['--listen', 'fd:3'], { fds: [inherited.fd] });
  inherited.close();
  expect(await portsOf(program)).toEqual([inherited.port]);
  await expectEcho(inherited.port, host);
});

test('fd:3 that was not inherited, or is a TCP socket, is one clear line and exit 1', async () => {
  await using missing = startProgram('udp-multi', ['--listen', 'fd:3']);
  expect(await missing.exit()).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^udp-multi: .*fd:3.*\n$/) });
  using inherited = inheritableTcp();
  await using wrong = startProgram('udp-multi', ['--listen', 'fd:3'], { fds: [inherited.fd] });
  expect(await wrong.exit()).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^udp-multi: .*fd:3.*\n$/) });
});

test('a second server on the port names the address, its holder and three ways out, and exits 69', async () => {
  await using first = await startServer();
  await using second = startProgram('udp-multi', ['--listen', `udp://127.0.0.1:${first.port}`]);
  const { code, stdout, stderr } = await second.exit();
  expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
  expect(stderr).toContain(`udp://127.0.0.1:${first.port}`);
  if (process.platform === 'linux') expect(stderr).toContain(`process ${first.program.pid}`);
  expect(stderr).toContain('--listen');
  expect(stderr).toContain('--reuse-port');
  expect(stderr).not.toMatch(/\n\s+at /);
  await expectEcho(first.port);
});

test('when the second of two endpoints is taken, the first is not left bound', async () => {
  await using first = await startServer();
  await using second = startProgram('udp-multi', ['--listen', 'udp://127.0.0.1:0', '--listen', `udp://127.0.0.1:${first.port}`]);
  expect((await second.exit()).code).toBe(69);
});

test.runIf(process.platform === 'linux')('--reuse-port lets two processes share the port', async () => {
  await using first = await startServer(['--reuse-port', '--session', 'greet', '--reply', 'first']);
  await using second = startProgram('udp-multi', [
    '--listen',
    `udp://127.0.0.1:${first.port}`,
    '--reuse-port',
    '--session',
    'greet',
    '--reply',
    'second',
  ]);
  await second.log('listening');
  const answered = new Set<string>();
  // The kernel spreads by address and port: 64 peers all to one has a chance of 2^-63.
  for (let index = 0; index < 64; index++) {
    await using peer = await boundUdp();
    await peer.send('hi', first.port);
    answered.add((await peer.next()).text);
  }
  expect([...answered].toSorted()).toEqual(['first', 'second']);
});
