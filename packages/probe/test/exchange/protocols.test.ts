import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { basename, dirname } from 'node:path';
import { listening } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { PROTOCOLS, protocolExchange } from '../../src/exchange/protocols/index.ts';
import { probe } from '../../src/probe.ts';
import { CONFIRMED } from '../line-server.ts';
import { RECORDED, recordedServer } from './recorded-server.ts';
import type { ProbeReport } from '../../src/report/model.ts';
import type { Server } from 'node:net';

/** Few cuts, none of which waits. */
const PLANS = 'bytes:16+crlf';

async function probed(server: Server, protocol: string): Promise<ProbeReport> {
  try {
    const target = `127.0.0.1:${await listening(server)}`;
    const { exchange, masks } = protocolExchange(protocol);
    return await probe({ target, exchange, masks, plans: PLANS, concurrency: 8 });
  } finally {
    server.close();
  }
}

test('every protocol of the folder is in the list, in a file of its name, and can be read', () => {
  const files = readdirSync(new URL('../../src/exchange/protocols/', import.meta.url), { recursive: true, encoding: 'utf8' });
  const own = files.filter((file) => !['.', 'base'].includes(dirname(file))).map((file) => basename(file));
  const where = 'write each file of exchange/protocols into PROTOCOLS of its index.ts, under its own name';
  expect(PROTOCOLS.map(({ name }) => `${name}.ts`).toSorted(), where).toEqual(own.toSorted());
  for (const { name } of PROTOCOLS) expect(protocolExchange(name).exchange.steps.length).toBeGreaterThan(1);
  expect(() => protocolExchange('nope')).toThrow(`only for ${PROTOCOLS.map(({ name }) => name).join(', ')}`);
});

test('ws passes the exchange of websocket', async () => {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  try {
    const report = await probed(server, 'websocket');
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
    expect(report.totals.pass + report.totals.unconfirmed).toBeGreaterThan(6);
  } finally {
    sockets.close();
    server.closeAllConnections();
  }
});

test.concurrent('node:http2 passes the exchange of http2, although its headers have different lengths', async () => {
  let answers = 0;
  const server = createHttp2Server((_request, response) => {
    answers += 1;
    response.setHeader('x-date', 'd'.repeat(answers % 5));
    response.end();
  });
  expect(await probed(server, 'http2')).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
});

test.concurrent.for(Object.entries(RECORDED))('the answers of a real server pass the exchange of %s', async ([protocol, answers]) => {
  const report = await probed(recordedServer(answers), protocol);
  expect(report, answers.server).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
});

/** What differs in the next connection, by protocol. */
const VARYING: Readonly<Record<string, RegExp>> = {
  imap: /ready/,
  mysql: /(?<=^....\n[^\0]*\0)[^]{12}/,
  stomp: /(?<=session:)[^\n]*/,
  hl7: /(?<=HOSPITAL\|)20\d{12}(?=\|)/g,
};

test.concurrent.for(Object.entries(VARYING))(
  'what differs in each connection is masked in the exchange of %s',
  async ([protocol, varying]) => {
    let connections = 0;
    const changed = (answer: Buffer): Buffer =>
      Buffer.from(
        answer.toString('latin1').replace(varying, (text) => String(connections).padStart(text.length, '7')),
        'latin1',
      );
    const server = recordedServer(RECORDED[protocol]!, changed).on('connection', () => (connections += 1));
    expect(await probed(server, protocol)).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
  },
);

test.concurrent('what nats-server asks by itself, after two seconds, is ignored in the exchange of nats', async () => {
  let connections = 0;
  const asking = (answer: Buffer): Buffer =>
    connections % 2 === 0 ? answer : Buffer.from(answer.toString('latin1').replace(/^PONG/m, 'PING\r\nPONG'), 'latin1');
  const server = recordedServer(RECORDED['nats']!, asking).on('connection', () => (connections += 1));
  expect(await probed(server, 'nats')).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
});
