import { connectTo, receive } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { ask, roundTrip, startObserved } from '../observed.ts';

test('/connections shows who is there and how much, and nothing of what is said', async () => {
  await using observed = await startObserved(['--framing', 'u32be', '--mode', 'queue']);
  const { echo, admin } = observed;
  const first = await connectTo(echo.port);
  first.write(Buffer.concat([Buffer.from('00000006', 'hex'), Buffer.from('secret'), Buffer.from('000000ff61', 'hex')]));
  await receive(first, 10);
  const second = await connectTo(echo.port);
  await echo.program.log('waiting in the queue');
  const response = await admin.get('/connections');
  const text = await response.text();
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(JSON.parse(text)).toEqual([
    {
      id: 1,
      peer: `127.0.0.1:${first.localPort}`,
      state: 'serving',
      ageMs: expect.any(Number),
      bytesIn: 15,
      bytesOut: 10,
      messagesIn: 1,
      messagesOut: 1,
      pendingBytes: 0,
      partialBytes: 5,
    },
    expect.objectContaining({ id: 2, state: 'waiting', bytesIn: 0, messagesIn: 0 }),
  ]);
  expect(text).not.toContain('secret');
  first.destroy();
  second.destroy();
});

test('/connections is empty when nobody is there', async () => {
  await using observed = await startObserved();
  expect(await (await observed.admin.get('/connections')).json()).toEqual([]);
});

test('/metrics counts what is open and what is closed, byte for byte', async () => {
  await using observed = await startObserved(['--framing', 'netstring']);
  const { echo, admin } = observed;
  const open = await connectTo(echo.port);
  await roundTrip(open, '5:hello,2:hi,');
  expect(await ask(echo.port, '3:one,')).toBe('3:one,');
  await echo.program.log('connection closed');
  const totals = ['received_bytes_total', 'sent_bytes_total', 'messages_received_total', 'messages_sent_total', 'connections_total'];
  expect(await Promise.all(totals.map((name) => admin.metric(name)))).toEqual([19, 19, 3, 3, 2]);
  open.end();
  await echo.program.log('connection closed', { nth: 2 });
  expect(await Promise.all(totals.map((name) => admin.metric(name)))).toEqual([19, 19, 3, 3, 2]);
  expect(await admin.metric('connections_active')).toBe(0);
  expect(await admin.metric('connections_closed_total{reason="peer-ended"}')).toBe(2);
});
