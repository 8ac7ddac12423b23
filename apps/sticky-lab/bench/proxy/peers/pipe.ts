// Bare Node: what its documentation shows. node pipe.ts PORT
import { connect, createServer } from 'node:net';

const targetPort = Number(process.argv[2]);
const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
  const target = connect({ port: targetPort, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  client.on('error', () => target.destroy());
  target.on('error', () => client.destroy());
  client.pipe(target);
  target.pipe(client);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.stdout.write(`${address.port}\n`);
});
