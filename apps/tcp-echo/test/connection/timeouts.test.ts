import { connectTo, readAll, receive } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { codeOf, roundTrip, roundsDuring, startObserved } from '../observed.ts';
import { startEcho } from '../start.ts';
import type { Socket } from 'node:net';

test('idle-timeout ends a silent client politely, and not one that speaks now and then', async () => {
  await using echo = await startEcho(['--idle-timeout', '1s']);
  const speaking = await connectTo(echo.port);
  const silent = await connectTo(echo.port);
  silent.write('last words');
  const ended = readAll(silent);
  while (echo.program.logs('connection closed').length === 0) await roundTrip(speaking, 'still here');
  // An end, no reset: what was said is answered in full.
  expect((await ended).toString()).toBe('last words');
  expect(await echo.program.log('connection closed')).toMatchObject({ conn: 2, reason: 'idle-timeout', bytesOut: 10 });
  speaking.destroy();
});

test('idle-timeout 0s waits for ever, as the operator does unless told otherwise', async () => {
  await using echo = await startEcho(['--idle-timeout', '0s', '--frame-timeout', '0s', '--slow-timeout', '0s']);
  await using impatient = await startEcho(['--idle-timeout', '100ms']);
  const [patient, other] = [await connectTo(echo.port), await connectTo(impatient.port)];
  await readAll(other);
  expect(await roundTrip(patient, 'served')).toBe('served');
  patient.destroy();
});

test('frame-timeout cuts 1,000 clients that trickle a message byte by byte, and serves the others', { timeout: 60_000 }, async () => {
  const many = ['--max-connections', '2000', '--max-per-ip', '0', '--accept-rate', '100000/s'];
  await using observed = await startObserved(['--framing', 'u32be', '--frame-timeout', '2s', ...many]);
  const { echo, admin } = observed;
  const honest = await connectTo(echo.port);
  const clients: Socket[] = [];
  for (let batch = 0; batch < 20; batch++) {
    clients.push(...(await Promise.all(Array.from({ length: 50 }, () => connectTo(echo.port)))));
  }
  const closings = clients.map(
    (client) =>
      new Promise((resolve) =>
        client
          .on('error', () => undefined)
          .on('close', resolve)
          .resume(),
      ),
  );
  const header = Buffer.from('00001000', 'hex');
  let at = 0;
  // Each byte in time for an idle timeout, none that completes a message.
  const trickle = setInterval(() => {
    const byte = header.subarray(at, at + 1);
    at = Math.min(at + 1, 3);
    for (const client of clients) if (!client.destroyed) client.write(byte);
  }, 200);
  const allCut = Promise.all(closings);
  const answered = await roundsDuring(allCut, async () => {
    honest.write(Buffer.from('000000026869', 'hex'));
    expect((await receive(honest, 6)).toString('hex')).toBe('000000026869');
  });
  clearInterval(trickle);
  expect(answered).toBeGreaterThan(10);
  expect(await admin.metric('connections_closed_total{reason="frame-timeout"}')).toBe(1000);
  expect(await admin.metric('connections_active')).toBe(1);
  expect(await admin.metric('messages_received_total')).toBe(answered);
  honest.destroy();
});

test('frame-timeout is for each message: who begins one with the end of another is not cut', async () => {
  await using observed = await startObserved(['--framing', 'u32be', '--frame-timeout', '1s']);
  const { echo } = observed;
  const [slow, honest] = [await connectTo(echo.port), await connectTo(echo.port)];
  slow.write(Buffer.from('0000', 'hex'));
  const cut = readAll(slow).then(() => 'ended', codeOf);
  // The end of one message and the beginning of the next always come together.
  honest.write(Buffer.from('00', 'hex'));
  await roundsDuring(cut, async () => {
    honest.write(Buffer.from('0000016100', 'hex'));
    expect((await receive(honest, 5)).toString('hex')).toBe('0000000161');
  });
  expect(await cut).toBe('ECONNRESET');
  expect(await echo.program.log('connection closed')).toMatchObject({ conn: 1, reason: 'frame-timeout', messagesIn: 0 });
  honest.destroy();
});
