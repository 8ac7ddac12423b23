import { expect, test } from 'vitest';
import { requestExchange } from '../../src/exchange/create.ts';
import { htmlReport } from '../../src/report/html/html.ts';
import { junitReport } from '../../src/report/junit.ts';
import { mergeReports } from '../../src/report/merge.ts';
import { textReport } from '../../src/report/text.ts';
import { conversation, utf8 } from '../exchanges.ts';
import { sample } from './sample.ts';
import type { SampleOptions } from './sample.ts';

const judge = () => ({ kind: 'pass' }) as const;
const SAME = 'two connections with different bytes: all send the same, {{trial}} in a send makes them differ';
const notTried = (options: SampleOptions) => sample({ judge, ...options }).notTried;

test('a verdict says what was not tried: no second request, no several cuts, no framing', () => {
  const exchange = requestExchange(utf8('hello'));
  expect(notTried({ exchange, plans: 'every-cut' })).toEqual([
    'several cuts in one request',
    'a second request in the same write',
    'cuts at frames: no framing was given',
    'two connections whose pieces alternate',
    'pauses between the pieces',
  ]);
  expect(notTried({ exchange, plans: 'drip' })).toContain('single cuts');
  expect(notTried({ exchange, plans: 'at:2' })).toContain('3 of 4 single cuts');
  expect(notTried({ plans: 'thorough' })).toEqual([
    SAME,
    'more than 2 requests in one write',
    'pauses between the pieces of other lengths than 500ms',
  ]);
  expect(notTried({ plans: 'thorough+glue:50+pause:2s' })).toEqual([
    SAME,
    'more than 50 requests in one write',
    'pauses between the pieces of other lengths than 500ms and 2s',
  ]);
});

test('a verdict says how many cuts of a long request were not tried', () => {
  const clauses = notTried({ exchange: requestExchange(new Uint8Array(10_000)), plans: 'thorough' })!;
  expect(clauses[0]).toMatch(/^\d+ of 9999 single cuts$/);
  expect(clauses).toContain('9743 of 9999 cuts of drip');
});

test('a verdict on TLS says that the cuts are in the plain text', () => {
  expect(notTried({ target: 'tls://127.0.0.1:1' })).toContain('cuts in the bytes of TLS itself: the pieces are plain text (--cut wire)');
});

test('every form of a report says it, in one line behind the verdict, and a preset has no empty rows', () => {
  const report = sample({ judge, exchange: requestExchange(utf8('hello')), plans: 'thorough' });
  const line = `cuts at frames: no framing was given; ${SAME}; more than 2 requests in one write; pauses between the pieces of other lengths than 500ms`;
  expect(textReport(report)).toContain(`PASS  all 21 trials went well, each piece confirmed as read before the next\nnot tried: ${line}\n`);
  expect(textReport(report)).not.toMatch(/^prefix/m);
  expect(htmlReport(report)).toContain(line);
  expect(junitReport(report)).toContain(`<skipped message="${line}">`);
});

test('merged shards say what none of them tried', () => {
  const shards = [0, 1].map((index) => sample({ judge, exchange: conversation, plans: 'every-cut', shard: { index, of: 2 } }));
  expect(mergeReports(shards).notTried).toEqual(sample({ judge, exchange: conversation, plans: 'every-cut' }).notTried);
  expect(shards[0]!.notTried).not.toContain('single cuts');
});

test('where the control failed nothing is said of what was not tried', () => {
  expect(textReport(sample({ control: 'failed' }))).not.toContain('not tried');
});

test('a failure that only an early end of ours shows is called what it is', () => {
  const gaveUp = { kind: 'fail', failure: 'closed', answer: 0, at: 0, detail: 'the connection was closed' } as const;
  const report = sample({ plans: 'every-cut+half-close', judge: ({ plan }) => (plan === 'half-close' ? gaveUp : { kind: 'pass' }) });
  expect(textReport(report)).toContain('3 of 17 trials fail, only where our side ends early (half-close): that is no segmentation');
  expect(textReport(sample({ plans: 'every-cut+half-close', judge: () => gaveUp }))).not.toContain('no segmentation');
});
