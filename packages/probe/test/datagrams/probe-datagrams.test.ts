import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, describe, expect, test } from 'vitest';
import { datagramExchange, datagramJunit, datagramText, probeDatagrams, requestExchange } from '../../src/index.ts';
import type { DatagramProbeOptions, DatagramReport } from '../../src/index.ts';
import type { RemoteInfo, Socket } from 'node:dgram';

type Take = (bytes: Buffer, from: RemoteInfo, socket: Socket) => void;

const sockets: Socket[] = [];
afterAll(() => {
  for (const socket of sockets) socket.close();
});

/** A socket on a free port, which is closed after the tests. */
async function bound(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  sockets.push(socket);
  return socket;
}

async function server(take: Take): Promise<string> {
  const socket = await bound();
  socket.on('message', (bytes, from) => take(bytes, from, socket));
  return `127.0.0.1:${socket.address().port}`;
}

function answering(answer: (bytes: Buffer, from: RemoteInfo) => Buffer | string | undefined): Promise<string> {
  return server((bytes, from, socket) => {
    const made = answer(bytes, from);
    if (made !== undefined) socket.send(made, from.port, from.address);
  });
}

const hello = datagramExchange([Buffer.from('hello {{trial}}')]);
const quick = { quietMs: 40, delayMs: 50, maxTruncations: 6, concurrency: 8, exchange: hello };

async function probeOf(target: string, more: Partial<DatagramProbeOptions> = {}): Promise<DatagramReport> {
  return probeDatagrams({ ...quick, target, ...more });
}

// Most of their time is spent waiting.
describe.concurrent('a campaign over UDP', () => {
  test('a port on which nobody listens fails the control, and says so', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    socket.close();
    const report = await probeOf(`127.0.0.1:${port}`);
    expect(report).toMatchObject({ outcome: 'control-failed', control: { kind: 'failed' } });
    expect(report.control.detail).toContain('nobody listens there');
  });

  test('a server that answers from another port fails the control, with the port that it used', async () => {
    const other = await bound();
    const target = await server((bytes, { port, address }) => other.send(bytes, port, address));
    const report = await probeOf(target, { controlTimeoutMs: 60 });
    expect(report.outcome).toBe('control-failed');
    expect(report.control.detail).toContain(`an answer came from 127.0.0.1 port ${other.address().port}`);
  });

  test('what differs unharmed is named with a mask, and autoMask takes it', async () => {
    let count = 0;
    const target = await answering((bytes) => `${bytes.toString()} number ${(count += 7919)}`);
    const report = await probeOf(target, { plans: 'resend' });
    expect(report).toMatchObject({ outcome: 'flaky', control: { kind: 'flaky' } });
    expect(report.control.detail).toContain('--mask auto');
    await expect(probeOf(target, { plans: 'resend+double', autoMask: true })).resolves.toMatchObject({ outcome: 'pass' });
  });

  test('the own port in an answer needs no mask', async () => {
    const target = await answering((_, { port }) => `you are on port ${port}`);
    await expect(probeOf(target, { plans: 'resend+double' })).resolves.toMatchObject({ outcome: 'pass', control: { kind: 'ok' } });
  });

  test('a server that drops what is too much at once is asked by fewer, and not blamed', async () => {
    let busy = 0;
    const target = await server((bytes, { port, address }, socket) => {
      if (busy >= 2) return;
      busy += 1;
      setTimeout(() => {
        busy -= 1;
        socket.send(bytes, port, address);
      }, 5);
    });
    const report = await probeOf(target, { plans: 'resend+double+truncate', hangMs: 150 });
    expect(report).toMatchObject({ outcome: 'pass', concurrency: 2 });
    expect(report.notes.join()).toContain('dropped under load');
  });

  test('a server that takes its time is waited for', async () => {
    const target = await server((bytes, { port, address }, socket) => {
      setTimeout(() => socket.send(bytes, port, address), 60);
    });
    await expect(probeOf(target, { plans: 'resend+double+vanish' })).resolves.toMatchObject({ outcome: 'pass' });
  });

  test('several answers may come in any order', async () => {
    let turn = 0;
    const target = await server((bytes, { port, address }, socket) => {
      const parts = ['a', 'bb', 'ccc'].map((part) => `${part} ${bytes.toString()}`);
      for (const part of turn++ % 2 === 0 ? parts : parts.toReversed()) socket.send(part, port, address);
    });
    await expect(probeOf(target, { plans: 'resend+vanish' })).resolves.toMatchObject({ outcome: 'pass' });
  });

  test('of trials at once the one that silences the target for a while is named, and no other', async () => {
    let ignored = 0;
    const target = await answering((bytes) => {
      if (bytes.length === 2) ignored = 14;
      ignored -= 1;
      return ignored >= 0 ? undefined : bytes;
    });
    const report = await probeOf(target, { plans: 'resend+double+truncate:0@2', hangMs: 60, concurrency: 3 });
    expect(report.outcome).toBe('fail');
    expect(report.cases.map(({ trial, kind, failure }) => [trial, kind, failure])).toEqual([['truncate:0@2', 'fail', 'hang']]);
  });

  test('a target that dies of many datagrams, and of none of them alone, is flaky', async () => {
    let count = 0;
    const target = await answering((bytes) => {
      count += 1;
      return count >= 12 && count < 20 ? undefined : bytes;
    });
    const report = await probeOf(target, { plans: 'resend+double+truncate:0@2+late', hangMs: 60, concurrency: 1 });
    expect(report).toMatchObject({ outcome: 'flaky', totals: { fail: 0, flaky: 1 } });
  });

  test('answers to what was asked before are stale', async () => {
    const waiting = new Map<number, Buffer>();
    const target = await answering((bytes, { port }) => {
      const before = waiting.get(port);
      if (before !== undefined || bytes.length === 2) waiting.set(port, bytes);
      return before ?? bytes;
    });
    const report = await probeOf(target, {
      plans: 'truncate:0@2',
      hangMs: 100,
      exchange: requestExchange(Buffer.from('..hello')),
      id: { at: 0, bytes: 2 },
    });
    expect(report).toMatchObject({ outcome: 'fail', cases: [{ trial: 'truncate:0@2', failure: 'mixed-answer' }] });
  });

  test('a truncated datagram that is answered as if it were whole is noted', async () => {
    const buffer = Buffer.alloc(100);
    const target = await answering((bytes) => {
      bytes.copy(buffer);
      return Buffer.from(buffer.subarray(0, 7));
    });
    const exchange = requestExchange(Buffer.from('..hello'));
    const report = await probeOf(target, { plans: 'truncate:0@4', exchange, id: { at: 0, bytes: 2 }, concurrency: 1 });
    expect(report).toMatchObject({
      outcome: 'pass',
      notes: [expect.stringContaining('truncate:0@4 got the answer to the whole datagram')],
    });
    const told = await probeOf(target, {
      plans: 'truncate:0@4',
      exchange: datagramExchange([Buffer.from('..hello')]),
      id: { at: 5, bytes: 2 },
      concurrency: 1,
    });
    expect(told).toMatchObject({ outcome: 'fail', cases: [{ failure: 'mixed-answer' }] });
  });

  test('a target that several addresses at once silence, unharmed, fails before anything is harmed', async () => {
    const begun = new Set<number>();
    const target = await answering((bytes, { port }) => {
      if (begun.size > 20) return undefined;
      begun.add(port);
      return bytes;
    });
    const report = await probeOf(target, { concurrency: 64, hangMs: 80, controlTimeoutMs: 100 });
    expect(report).toMatchObject({ outcome: 'fail', cases: [{ trial: 'unharmed', failure: 'hang' }] });
    expect(report.notTried.join()).toContain('it did not come back');
  });

  test('where the target does not come back all trials that were under way are named in one failure', async () => {
    let isSilent = false;
    const target = await answering((bytes) => {
      isSilent ||= bytes.length === 2;
      return isSilent ? undefined : bytes;
    });
    const report = await probeOf(target, { plans: 'double+truncate', hangMs: 60, controlTimeoutMs: 300 });
    expect(report).toMatchObject({ outcome: 'fail', totals: { fail: 1 } });
    expect(report.cases[0]?.detail).toContain('truncate:0@2');
    expect(report.notTried.join()).toContain('it did not come back');
  });

  test('an amplifier that the protocol allows is measured and not blamed', async () => {
    const target = await answering((bytes) => Buffer.alloc(900, bytes));
    const report = await probeOf(target, { plans: 'vanish', exchange: requestExchange(Buffer.from('list')) });
    expect(report).toMatchObject({ outcome: 'fail', amplification: { trial: 'vanish:0', bytesIn: 4, bytesOut: 900, datagramsOut: 1 } });
    const allowed = await probeOf(target, { plans: 'vanish', exchange: requestExchange(Buffer.from('list')), allowed: ['amplifies'] });
    expect(allowed).toMatchObject({ outcome: 'pass', amplification: { bytesOut: 900 } });
  });

  test('a short greeting is no amplification, however short the request', async () => {
    const target = await answering(() => 'welcome to the server, who are you?');
    await expect(probeOf(target, { plans: 'vanish', exchange: requestExchange(Buffer.from('?')) })).resolves.toMatchObject({
      outcome: 'pass',
    });
  });

  test('once it is stopped no more trials start, and the report does not pass', async () => {
    const target = await answering((bytes) => bytes);
    const stop = AbortSignal.abort();
    const report = await probeOf(target, { stop });
    expect(report).toMatchObject({ outcome: 'unconfirmed', totals: { same: 1, fail: 0 } });
    expect(datagramText(report)).toMatch(/^UNCONFIRMED .*more of the campaign were not done$/m);
  });

  test('a report as text and as JUnit has the failure, its meaning and how to do it again, and controls no terminal', async () => {
    const target = await answering((bytes) => Buffer.alloc(900, `\u001B[2J${bytes.toString()}`));
    const exchange = requestExchange(Buffer.from('list'), { name: 'a <list>' });
    const report = await probeOf(target, { plans: 'vanish', exchange, replay: ['sticky-lab', 'probe-udp', '--request', 'text:list'] });
    const text = datagramText(report);
    expect(text).toMatch(/^FAIL {2}1 of 2 trials fail$/m);
    expect(text).toMatch(
      /^vanish:0 {2}amplifies: the first 4 bytes from a new address brought one datagram of 900 bytes in all: 29\.0 times/m,
    );
    expect(text).toContain('  replay    sticky-lab probe-udp --request text:list --plan vanish:0\n');
    expect(text).not.toContain('\u001B');
    const junit = datagramJunit(report);
    expect(junit).toContain('<testsuite name="vanish" tests="1" failures="1"');
    expect(junit).toContain('classname="a &lt;list&gt;"');
    expect(junit).toContain('--allow amplifies');
  });
});

test.each([
  [{ exchange: datagramExchange([Buffer.alloc(65_508)]) }, 'PROBE_ERR_EXCHANGE', 'datagram 0 has 65508 bytes, limit 65507'],
  [{ exchange: requestExchange(Buffer.from('a'), { until: { kind: 'close' } }) }, 'PROBE_ERR_EXCHANGE', 'received close'],
  [{ id: { at: 14, bytes: 4 } }, 'PROBE_ERR_EXCHANGE', 'the longest datagram has 15 bytes'],
  [{ concurrency: 257 }, 'PROBE_ERR_DELIVERY', 'concurrency is 257; allowed: 1 to 256'],
  [{ plans: 'flip' }, 'PROBE_ERR_PLAN', 'unknown plan "flip"'],
  [{ target: 'unix:/run/x' }, 'PROBE_ERR_TARGET', 'allowed: host:port'],
  [{ target: '192.0.2.1:53' }, 'PROBE_ERR_TARGET', 'neither loopback nor private'],
])('what cannot be is refused before anything is sent: %o', async (more, code, message) => {
  await expect(probeOf('127.0.0.1:1', more)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});
