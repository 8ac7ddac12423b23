import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { datagramExchange, probeDatagrams } from '../../src/index.ts';

test('a server with many answers is asked by fewer at once, so that they do not all come together', async () => {
  const server = createSocket('udp4').bind(0, '127.0.0.1');
  server.on('message', (bytes, { port, address }) => {
    for (let part = 0; part < 60; part++) server.send(`${part} ${bytes.toString()}`, port, address);
  });
  await once(server, 'listening');
  try {
    const report = await probeDatagrams({
      target: `127.0.0.1:${server.address().port}`,
      exchange: datagramExchange([Buffer.from('hello {{trial}}')]),
      plans: 'double',
      quietMs: 40,
      concurrency: 100,
      allowed: ['amplifies'],
    });
    expect(report).toMatchObject({ outcome: 'pass', concurrency: 33 });
    expect(report.notes).toContain('an exchange has many answers, and at most 2000 are awaited at once; 33 at once were tried');
  } finally {
    server.close();
  }
});
