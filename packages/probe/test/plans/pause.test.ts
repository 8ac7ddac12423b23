import { afterEach, expect, test } from 'vitest';
import { requestExchange } from '../../src/exchange/create.ts';
import { oneFrame, utf8 } from '../exchanges.ts';
import { createTargets, lines, probe } from '../line-server.ts';
import { onlyCuts, trialsOf } from './cuts-of-plan.ts';

const targets = createTargets();

afterEach(() => targets.stop());

test('pause cuts at landmarks, in the middle and beside both ends, and says how long the silence is', () => {
  expect(onlyCuts(oneFrame, 'pause:300ms')).toEqual([[1], [3], [4], [5], [9]]);
  expect(trialsOf(oneFrame, 'pause:2s')[0]?.steps[0]).toMatchObject({ kind: 'burst', pauseMs: 2000 });
  expect(onlyCuts(requestExchange(utf8('line\n'.repeat(5000))), 'pause:1ms').length).toBeLessThanOrEqual(16);
});

test.each(['pause', 'pause:', 'pause:0ms', 'pause:31s', 'pause:5', 'pause:1e3ms'])('%s is refused', (plan) => {
  expect(() => trialsOf(oneFrame, plan)).toThrow(/pause:300ms takes a time from 1ms to 30s/);
});

test.runIf(process.platform === 'linux')(
  'a server that takes silence for the end of a message passes single cuts, and fails pauses',
  async () => {
    const where = await targets.start((socket) => {
      let pending = '';
      let timer: NodeJS.Timeout | undefined;
      socket.setEncoding('latin1').on('data', (text: string) => {
        pending += text;
        clearTimeout(timer);
        timer = setTimeout(() => socket.writable && socket.write(`${pending.length}\n`), 150);
      });
      socket.on('end', () => socket.end());
    });
    const exchange = requestExchange(Buffer.from('a request'), { until: { kind: 'bytes', count: 2 } });
    const report = await probe({ target: where, exchange, plans: 'every-cut+pause:500ms' });
    expect(report.plans).toMatchObject([
      { plan: 'every-cut', fail: 0 },
      { plan: 'pause:500ms', pass: 0, flaky: 0 },
    ]);
    expect(report.outcome).toBe('fail');
    expect(report.sends[0]?.cells).toBe('........');
    expect(report.cases[0]?.where).toContain('500 ms of silence behind each piece');
  },
);

test('a right server passes pauses', async () => {
  const where = await targets.start((socket) => lines(socket, (line) => socket.write(`${line}\n`)));
  const report = await probe({ target: where, exchange: requestExchange(Buffer.from('hello\n')), plans: 'pause:30ms' });
  expect(report.totals).toMatchObject({ fail: 0, flaky: 0 });
  expect(report.notTried).not.toContain('pauses between the pieces');
});
