import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';
import { listening } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { PROTOCOLS, protocolExchange } from '../../src/exchange/protocols/index.ts';
import { probe } from '../../src/probe.ts';
import { CONFIRMED } from '../line-server.ts';

test('every protocol of the folder is in the list, in a file of its name, and can be read', () => {
  const files = readdirSync(new URL('../../src/exchange/protocols/', import.meta.url), { recursive: true, encoding: 'utf8' });
  const own = files.filter((file) => file.includes('/') && !file.startsWith('base/')).map((file) => basename(file));
  const where = 'write each file of exchange/protocols into PROTOCOLS of its index.ts, under its own name';
  expect(PROTOCOLS.map(({ name }) => `${name}.ts`).toSorted(), where).toEqual(own.toSorted());
  for (const { name } of PROTOCOLS) expect(protocolExchange(name).exchange.steps.length).toBeGreaterThan(1);
  expect(() => protocolExchange('nope')).toThrow(`only for ${PROTOCOLS.map(({ name }) => name).join(', ')}`);
});

test('ws passes the exchange of websocket', async () => {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  try {
    const target = `127.0.0.1:${await listening(server)}`;
    const report = await probe({ target, ...protocolExchange('websocket'), plans: 'bytes:16+crlf+boundary:-1,0,1' });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
    expect(report.totals.pass + report.totals.unconfirmed).toBeGreaterThan(12);
  } finally {
    sockets.close();
    server.close();
    server.closeAllConnections();
  }
});
