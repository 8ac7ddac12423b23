import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { listening, socketPair } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { utf8 } from '../src/lab/base/text.ts';
import { createSegmentCounter, segmentTotals } from '../src/lab/tcp/segments/kernel-count.ts';

// What ss of iproute2 6.1 prints after two writes, 5 and 4 bytes; then once more after the end of the stream was sent too.
const ESTABLISHED = `ESTAB 0      0      127.0.0.1:32769 127.0.0.1:54448
\t bbr wscale:10,10 rto:204 rtt:0.022/0.009 mss:32768 pmtu:65535 rcvmss:536 advmss:65483 cwnd:12 bytes_sent:9 bytes_acked:9 segs_out:2 segs_in:4 data_segs_out:2 bbr:(bw:17476265624bps,mrtt:0.015,pacing_gain:2.88672,cwnd_gain:2.88672) send 142987636364bps lastsnd:112 lastrcv:116 lastack:112 pacing_rate 325725462640bps delivery_rate 17476266664bps delivered:3 app_limited reordering:13 rcv_space:65483 rcv_ssthresh:65483 minrtt:0.015 snd_wnd:65536

`;
const ENDED = `FIN-WAIT-2 0      0      127.0.0.1:32769 127.0.0.1:54448
\t bbr wscale:10,10 rto:208 rtt:5.291/10.545 mss:32768 pmtu:65535 rcvmss:536 advmss:65483 cwnd:13 bytes_sent:9 bytes_acked:10 segs_out:3 segs_in:5 data_segs_out:2 bbr:(bw:17476265624bps,mrtt:0.015,pacing_gain:2.88672,cwnd_gain:2.88672) send 644088452bps lastsnd:192 lastrcv:196 lastack:12 pacing_rate 325725462640bps delivery_rate 6215768bps delivered:4 busy:44ms reordering:13 rcv_space:65483 rcv_ssthresh:65483 minrtt:0.015 snd_wnd:65536

`;
const ports = { localPort: 32_769, remotePort: 54_448 };
const noLimit = new AbortController().signal;
const tells = canTell();

test.each([ESTABLISHED, ENDED])('reads the counters of the connection; the end of the stream is no segment with data', (output) => {
  expect(segmentTotals(output, ports)).toEqual({ sentBytes: 9, dataSegments: 2 });
});

test('finds the connection among others', () => {
  const other = ESTABLISHED.replaceAll('54448', '54449').replace('data_segs_out:2', 'data_segs_out:7').trimEnd();
  expect(segmentTotals(`${other}\n${ESTABLISHED}`, ports)).toEqual({ sentBytes: 9, dataSegments: 2 });
});

test.each([
  ['no connection', ''],
  ['only the other end', ESTABLISHED.replace('127.0.0.1:32769 127.0.0.1:54448', '127.0.0.1:54448 127.0.0.1:32769')],
  ['a connection without counters', ESTABLISHED.split('\n', 1)[0] ?? ''],
  ['no count of segments', ESTABLISHED.replace(' data_segs_out:2', '')],
  ['no count of bytes', ESTABLISHED.replace(' bytes_sent:9', '')],
])('tells nothing where there is %s', (_, output) => {
  expect(segmentTotals(output, ports)).toBeUndefined();
});

test.runIf(tells)('asks the kernel, and stops asking when it has asked often enough', async () => {
  await using pair = await socketPair();
  pair.client.write(utf8('hello'));
  await new Promise((resolve) => pair.server.once('data', resolve));
  const counter = createSegmentCounter(noLimit);
  const own = { localPort: pair.client.localPort ?? 0, remotePort: pair.client.remotePort ?? 0 };
  await expect(counter.count(own)).resolves.toEqual({ sentBytes: 5, dataSegments: 1 });
  for (let asked = 1; asked < 24; asked++) await expect(counter.count(own)).resolves.toBeDefined();
  await expect(counter.count(own)).resolves.toBeUndefined();
});

test('tells nothing of a connection that is not there', async () => {
  const server = createServer();
  const port = await listening(server);
  await expect(createSegmentCounter(noLimit).count({ localPort: port, remotePort: port })).resolves.toBeUndefined();
  server.close();
});

test('ends with the reason of the signal', async () => {
  const reason = new Error('over');
  await expect(createSegmentCounter(AbortSignal.abort(reason)).count(ports)).rejects.toBe(reason);
});

test('where ss is not there, nothing is told', async () => {
  const path = process.env['PATH'];
  process.env['PATH'] = '';
  try {
    await expect(createSegmentCounter(noLimit).count(ports)).resolves.toBeUndefined();
  } finally {
    process.env['PATH'] = path;
  }
});

/** Whether this machine has ss. */
function canTell(): boolean {
  try {
    execFileSync('ss', ['--version']);
    return process.platform === 'linux';
  } catch {
    return false;
  }
}
