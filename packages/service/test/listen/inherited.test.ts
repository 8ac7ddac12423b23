import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { BoundSocket } from 'node:net';
import { join } from 'node:path';
import { inheritableTcp, inheritableUdp, temporaryFolder } from '@socklab/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { startFixture } from '../process.ts';
import { connected, readAll } from '../sockets.ts';
import type { FixtureOptions } from '../process.ts';
import type { BoundSocketOptions } from 'node:net';

const passing = (fd: number): FixtureOptions => ({ stdio: ['ignore', 'pipe', 'pipe', fd] });

test('fd:3 serves the TCP socket the parent opened, and reports its address', async () => {
  using socket = inheritableTcp();
  await using service = startFixture('holder', ['tcp', 'fd:3'], passing(socket.fd));
  socket.close();
  expect(await service.line(/:/)).toBe(`tcp://127.0.0.1:${socket.port}`);
  expect(await readAll(await connected({ port: socket.port }))).toBe(String(service.pid));
});

test('fd:3 serves the unix socket the parent opened, and leaves its file to the parent', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'echo.sock');
  // Takes a path too, which its types do not know yet.
  using socket = new BoundSocket({ path } as BoundSocketOptions);
  await using service = startFixture('service', ['--listen', 'fd:3'], passing(socket.fd()));
  // Node.js does not tell the path of a socket it did not bind.
  expect(await service.log('listening')).toMatchObject({ endpoints: ['fd:3'] });
  (await connected({ path })).destroy();
  service.child.kill('SIGTERM');
  expect((await service.exit()).code).toBe(0);
  expect(socket.fd()).toBeGreaterThan(2);
  await expect(connected({ path })).resolves.toBeDefined();
});

test('fd:3 serves the UDP socket the parent bound', async () => {
  using socket = inheritableUdp();
  await using service = startFixture('holder', ['udp', 'fd:3'], passing(socket.fd));
  // Before anything is sent: a datagram goes to one of those who have the socket.
  socket.close();
  expect(await service.line(/:/)).toBe(`udp://127.0.0.1:${socket.port}`);
  const client = createSocket('udp4');
  onTestFinished(() => void client.close());
  const answer = once(client, 'message');
  client.send('hello', socket.port, '127.0.0.1');
  expect(String((await answer)[0])).toBe(String(service.pid));
});

test('a UDP socket given to a TCP service is refused in one line, exit 1', async () => {
  using socket = inheritableUdp();
  await using service = startFixture('service', ['--listen', 'fd:3'], passing(socket.fd));
  const { code, stderr } = await service.exit();
  expect(code).toBe(1);
  expect(stderr).toMatch(/^fixture-app: cannot listen on fd:3: it is not an inherited stream socket \(\w+\)\n$/);
});
