import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { freePort, freeUdpPort } from '../../../src/runner/target/free-port.ts';

describe('a port for a program that is started', () => {
  test.runIf(process.platform === 'linux')('is none that the system gives to a connection meanwhile', async () => {
    const [first = 0] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'latin1').split(/\s+/).map(Number);
    for (let port = 0; port < 20; port++) {
      expect(await freePort()).toBeLessThan(first);
      expect(await freeUdpPort()).toBeLessThan(first);
    }
  });

  test('can be bound', async () => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    const socket = createSocket('udp4');
    const udp = await freeUdpPort();
    await new Promise<void>((resolve) => socket.bind(udp, '127.0.0.1', resolve));
    expect(socket.address().port).toBe(udp);
    socket.close();
  });
});
