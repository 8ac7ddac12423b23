import { createSocket } from 'node:dgram';
import { boundUdp, startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { SERVICE_PORTS } from '../../src/gate/admit.ts';
import { portsOf, startServer } from '../start.ts';
import type { Socket } from 'node:dgram';

/** A socket on one of the service ports that nobody uses here. */
function onServicePort(): Socket {
  for (const port of SERVICE_PORTS) {
    const socket = createSocket('udp4');
    try {
      socket.bindSync({ address: '127.0.0.1', port });
      return socket;
    } catch (error) {
      socket.close();
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error('every service port is in use');
}

function collect(socket: Socket): readonly Buffer[] {
  const received: Buffer[] = [];
  socket.on('message', (payload) => received.push(payload));
  return received;
}

test('the port of an echo-like service gets no answer; each drop is counted and the first logged', async () => {
  await using server = await startServer();
  const service = onServicePort();
  const { port } = service.address();
  const received = collect(service);
  for (let index = 0; index < 5; index++) service.send('reflect me', server.port, '127.0.0.1');
  await server.program.log('datagram dropped');
  await using peer = await boundUdp();
  await peer.send('hello', server.port);
  // Answers leave in order: with this one here, an answer to the others would have left before.
  expect((await peer.next()).text).toBe('hello');
  server.program.signal('SIGTERM');
  await server.program.exit();
  expect(received).toHaveLength(0);
  service.close();
  expect(server.program.logs('datagram dropped')).toMatchObject([
    { level: 'warn', reason: 'source-port-service', peer: `127.0.0.1:${port}`, heldBack: 0 },
  ]);
  expect(await server.program.log('closed')).toMatchObject({ datagramsIn: 6, datagramsOut: 1, dropped: 5 });
});

// All of 127.0.0.0/8 is this machine on Linux, and a socket of one address may share the port of a wildcard one.
test.runIf(process.platform === 'linux')('its own endpoint as a source gets no answer', async () => {
  await using program = startProgram('udp-multi', ['--listen', 'udp://0.0.0.0:0', '--reuse-port']);
  const [port = 0] = await portsOf(program);
  const self = createSocket({ type: 'udp4', reusePort: true });
  self.bindSync({ address: '127.0.0.2', port });
  const received = collect(self);
  self.send('hello me', port, '127.0.0.1');
  expect(await program.log('datagram dropped')).toMatchObject({ reason: 'source-own-endpoint', peer: `127.0.0.2:${port}` });
  program.signal('SIGTERM');
  expect((await program.exit()).code).toBe(0);
  expect(received).toHaveLength(0);
  self.close();
});

test('a peer that is gone disturbs nobody', async () => {
  await using server = await startServer();
  const gone = await boundUdp();
  await gone.send('I leave before the answer comes', server.port);
  await gone.close();
  await using peer = await boundUdp();
  await peer.send('hello', server.port);
  expect((await peer.next()).text).toBe('hello');
  server.program.signal('SIGTERM');
  expect((await server.program.exit()).code).toBe(0);
});
