import { expect, test } from 'vitest';
import { boundUdp, connectTo, inheritableTcp, inheritableUdp, readAll, startCommand } from '../src/index.ts';

test('a process listens on an inherited TCP socket after our copy is closed', async () => {
  using socket = inheritableTcp();
  const script = `require('node:net').createServer((peer) => peer.end('hi')).listen({ fd: 3 }, () => console.log('up'))`;
  await using program = startCommand([process.execPath, '-e', script], { fds: [socket.fd] });
  socket.close();
  await program.line(/^up$/);
  expect((await readAll(await connectTo(socket.port))).toString()).toBe('hi');
});

test('a process receives on an inherited UDP socket after our copy is closed', async () => {
  using socket = inheritableUdp();
  const script = `const socket = require('node:dgram').createSocket('udp4').bind({ fd: 3 }, () => console.log('up'));
    socket.on('message', (payload, peer) => socket.send(payload, peer.port, peer.address));`;
  await using program = startCommand([process.execPath, '-e', script], { fds: [socket.fd] });
  socket.close();
  await program.line(/^up$/);
  await using client = await boundUdp();
  await client.send('hello', socket.port);
  expect(await client.next()).toMatchObject({ text: 'hello', peer: { port: socket.port } });
});
