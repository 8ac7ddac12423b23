import { createLogger } from '@socklab/service';
import { captureLog } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createReports } from '../src/reports.ts';

const PEER = { address: '192.0.2.1', port: 40_000, family: 'IPv4' } as const;
const REFUSED = Object.assign(new Error('send EACCES'), { code: 'EACCES' });

function startReports() {
  const { destination, lines } = captureLog();
  return { lines, reports: createReports(createLogger({ app: 'test', destination })) };
}

test('dropped datagrams are one line per reason', () => {
  const { lines, reports } = startReports();
  for (let index = 0; index < 100; index++) reports.dropped({ ...PEER, port: 40_000 + index }, 'queue-full');
  reports.dropped(PEER, 'closing');
  expect(lines).toMatchObject([
    { level: 'warn', msg: 'datagram dropped', reason: 'queue-full', peer: '192.0.2.1:40000' },
    { level: 'warn', msg: 'datagram dropped', reason: 'closing' },
  ]);
});

test('answers not sent are one line per peer and code, and a few peers per window', () => {
  const { lines, reports } = startReports();
  for (let index = 0; index < 3; index++) reports.notSent(PEER, REFUSED);
  expect(lines).toMatchObject([{ level: 'warn', msg: 'answer not sent', code: 'EACCES', peer: '192.0.2.1:40000' }]);
  reports.notSent(PEER, Object.assign(new Error('send EPERM'), { code: 'EPERM' }));
  expect(lines).toHaveLength(2);
  for (let port = 41_000; port < 41_100; port++) reports.notSent({ ...PEER, port }, REFUSED);
  expect(lines).toHaveLength(10);
});

test('a socket error is logged and nothing else happens', () => {
  const { lines, reports } = startReports();
  reports.socketFailed(Object.assign(new Error('recvmsg ENOMEM'), { code: 'ENOMEM' }));
  expect(lines).toMatchObject([{ level: 'error', msg: 'socket error', code: 'ENOMEM' }]);
});
