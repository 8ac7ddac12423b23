import { createServer } from 'node:net';
import { createLogger } from '@socklab/service';
import { captureLog, listening } from '@socklab/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { connectNats } from '../../src/room/bus/nats.ts';
import type { Socket } from 'node:net';

const INFO = {
  server_id: 'HELD',
  server_name: 'held',
  version: '2.10.0',
  proto: 1,
  host: '127.0.0.1',
  port: 0,
  headers: true,
  max_payload: 1_048_576,
};

/** A broker of a few lines that shakes hands and answers no later PING by itself. Source: the NATS client protocol. */
async function heldBroker() {
  let subscribed = Promise.withResolvers<Socket>();
  const server = createServer((socket) => {
    let pings = 0;
    let text = '';
    socket.on('error', () => undefined).write(`INFO ${JSON.stringify(INFO)}\r\n`);
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      const lines = text.split('\r\n');
      text = lines.pop()!;
      for (const line of lines) {
        if (line === 'PING' && (pings += 1) === 1) socket.write('PONG\r\n');
        if (line === 'PING' && pings === 2) subscribed.resolve(socket);
      }
    });
  });
  const port = await listening(server);
  onTestFinished(() => void server.close());
  /** The next connection that asks whether its subscription is known. */
  const asked = async (): Promise<Socket> => {
    const socket = await subscribed.promise;
    subscribed = Promise.withResolvers<Socket>();
    return socket;
  };
  return { port, asked };
}

test('the bus is up again only when the broker knows of its subscription again', async () => {
  const broker = await heldBroker();
  const logs = captureLog();
  const log = createLogger({ app: 'test', destination: logs.destination });
  const bus = connectNats({ url: new URL(`nats://127.0.0.1:${broker.port}`), subject: 'room', onMessage: () => true, log });
  onTestFinished(() => bus.close());
  const first = await broker.asked();
  expect(bus.counts).toMatchObject({ isConnected: false });
  first.write('PONG\r\n');
  await logs.waitFor('bus connected');
  first.destroy();
  const second = await broker.asked();
  expect(bus.counts).toMatchObject({ isConnected: false, reconnects: 1 });
  second.write('PONG\r\n');
  await logs.waitFor('bus connected again');
  expect(bus.counts).toMatchObject({ isConnected: true });
  second.destroy();
  await logs.waitFor('bus lost: local delivery continues', 2);
});
