import { createServer } from 'node:net';
import { connectTo, listening } from '@socklab/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { ServerLog } from '../../bench/strangers/server-log.ts';

test('the line of an earlier connection from the same port, which nobody took, is not taken for that of a later one', async () => {
  const log = new ServerLog();
  const server = createServer();
  onTestFinished(() => void server.close());
  const socket = await connectTo(await listening(server));
  onTestFinished(() => void socket.destroy());
  const closedLine = log.lineOf({ socket, isUnix: false });
  socket.emit('connect');
  const peer = `127.0.0.1:${socket.localPort}`;
  const logged = (conn: number, reason: string, atMs: number, durationMs: number): void => {
    log.note(JSON.stringify({ msg: 'connection accepted', conn, peer, time: new Date(atMs - durationMs) }));
    log.note(JSON.stringify({ msg: 'connection closed', conn, reason, durationMs, time: new Date(atMs) }));
  };
  logged(1, 'peer-ended', Date.now() - 1000, 50);
  logged(2, 'slow-reader', Date.now() + 600, 500);
  expect((await closedLine()).reason).toBe('slow-reader');
});
