import { listening } from '@socklab/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { createGalleryServer, sharedBuffer } from '../../gallery/gallery.ts';
import { requestExchange } from '../../src/exchange/create.ts';
import { probe } from '../../src/probe.ts';
import { createCompany } from '../../src/runner/company.ts';
import { createJudge } from '../../src/runner/judge.ts';
import { createLock } from '../../src/runner/target/lock.ts';
import { observed, trialOf } from '../exchanges.ts';
import { CONFIRMED, createTargets, LINE, lines } from '../line-server.ts';
import type { Judged } from '../../src/runner/target/judged.ts';
import type { Trial, Verdict } from '../../src/types.ts';

const targets = createTargets();

afterEach(() => targets.stop());

/** Counts for all clients together, as a database does. */
function counting(): Promise<string> {
  let counter = 0;
  return targets.start((socket) =>
    lines(socket, (line) => {
      if (line === 'add') socket.write(`${(counter += 1)}\n`);
      if (line === 'get') socket.write(`${counter}\n`);
      if (line === 'clear') socket.write(`${(counter = 0)} cleared\n`);
    }),
  );
}

const PASS: Verdict = { kind: 'pass' };
const FAIL: Verdict = { kind: 'fail', failure: 'wrong-bytes', answer: 0, at: 0, detail: 'other bytes' };

const exchange = requestExchange(Buffer.from('add\nget\nclear\n'));

describe('failures that need company', () => {
  test('are none of a server whose clients share a counter by design: they are judged alone, and that is said', async () => {
    const report = await probe({ target: await counting(), exchange, hangMs: 10_000 });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
    expect(report.control.detail).toMatch(/connections share something by design, as a counter: \d+ trials/);
  });

  test('are none one at a time', async () => {
    const report = await probe({ target: await counting(), exchange, hangMs: 10_000, concurrency: 1 });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
  });

  test('are a bug where one byte on another connection changes the answer', async () => {
    const server = createGalleryServer(sharedBuffer);
    targets.servers.push(server);
    const target = `127.0.0.1:${await listening(server)}`;
    const report = await probe({
      target,
      exchange: requestExchange(sharedBuffer.request, { framing: 'u32be' }),
      hangMs: 300,
      maxShrinkRuns: 4,
    });
    expect(report).toMatchObject({ outcome: 'fail', diagnosis: { bug: 'shared-between-connections' } });
  });

  test('are a bug where a buffer is shared that each new connection empties: pieces of two alternate', async () => {
    let kept = '';
    const target = await targets.start((socket) => {
      kept = '';
      socket.setEncoding('latin1').on('data', (text: string) => {
        kept += text;
        for (let end = kept.indexOf('\n'); end >= 0; end = kept.indexOf('\n')) {
          socket.write(`${kept.slice(0, end)}!\n`);
          kept = kept.slice(end + 1);
        }
      });
      socket.on('end', () => socket.end());
    });
    const report = await probe({ target, exchange: LINE, plans: 'interleave', hangMs: 300, concurrency: 2 });
    expect(report).toMatchObject({ outcome: 'fail', diagnosis: { bug: 'shared-between-connections', confidence: 'certain' } });
    expect(report.cases[0]?.where).toContain('between the pieces another connection sends its own first piece');
    expect(report.cases[0]?.shrunk?.trial.shape).toMatch(/^\d+\/beside$/);
  });

  test('show a buffer that connections share at places of their own only where they send different bytes, and that is said', async () => {
    const shared = Buffer.alloc(64);
    const target = await targets.start((socket) => {
      let filled = 0;
      socket.on('data', (chunk: Buffer) => {
        filled += chunk.copy(shared, filled);
        if (shared[filled - 1] !== 0x0a) return;
        socket.write(shared.subarray(0, filled));
        filled = 0;
      });
    });
    const probed = (text: string) => probe({ target, exchange: requestExchange(Buffer.from(text)), plans: 'interleave', hangMs: 10_000 });
    const same = await probed('hello\n');
    expect(same).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0 } });
    expect(same.notTried).toContain('two connections with different bytes: all send the same, {{trial}} in a send makes them differ');
    const different = await probed('hello {{trial}}\n');
    expect(different).toMatchObject({ outcome: 'fail', diagnosis: { bug: 'shared-between-connections' } });
    expect(different.notTried?.join()).not.toContain('{{trial}}');
  });

  test('are not sought where a target serves one connection at a time', async () => {
    const one = await probe({ target: await counting(), exchange, plans: 'thorough', hangMs: 10_000, concurrency: 1 });
    expect(one.notTried).toContain('two connections whose pieces alternate: one connection at a time was asked for');
  });
});

test('what failed once before it was known that connections share something is judged alone in the end', async () => {
  const verdicts = { odd: [FAIL, PASS], other: [FAIL, FAIL, PASS] };
  const runOnce = (trial: Trial): Promise<Judged> => {
    const verdict = verdicts[trial.plan as keyof typeof verdicts].shift() ?? PASS;
    return Promise.resolve({ trial, verdict, observation: observed([]), expectation: { answers: [], ended: 'open' } });
  };
  const judge = createJudge(runOnce, { company: createCompany(createLock(), () => Promise.resolve(false)) });
  const odd = await judge.judge(trialOf({ plan: 'odd', steps: [] }));
  expect(odd).toMatchObject({ verdict: { kind: 'flaky' } });
  await expect(judge.reconsider(odd!)).resolves.toBe(odd);
  await expect(judge.judge(trialOf({ plan: 'other', steps: [] }))).resolves.toMatchObject({ verdict: PASS });
  await expect(judge.reconsider(odd!)).resolves.toMatchObject({ verdict: PASS });
});
