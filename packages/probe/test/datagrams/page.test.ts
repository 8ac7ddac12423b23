import { expect, test } from 'vitest';
import { datagramHtml, datagramJunit } from '../../src/index.ts';
import type { DatagramReport } from '../../src/index.ts';

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='x'>&`;
const nothing = { same: 0, twice: 0, other: 0, none: 0, fail: 0, flaky: 0 };
const bytes = { offset: 0, totalBytes: 2, hex: '6f6b' };

function reportOf(said: string): DatagramReport {
  return {
    version: 1,
    transport: 'udp',
    outcome: 'fail',
    target: said,
    exchange: { name: said },
    control: { kind: 'ok', runs: 3, durationMs: 1.25, answers: [bytes] },
    sends: [bytes],
    concurrency: 8,
    plans: [
      { ...nothing, plan: 'double', planned: 1, fail: 1 },
      { ...nothing, plan: 'swap', planned: 0, untried: said },
    ],
    totals: { ...nothing, fail: 1 },
    durationMs: 12,
    restarts: 1,
    amplification: { trial: 'double:0', bytesIn: 2, bytesOut: 40, datagramsOut: 1, factor: 2.3 },
    notes: [said],
    notTried: [said],
    cases: [
      {
        trial: 'double:0',
        plan: 'double',
        what: said,
        kind: 'fail',
        failure: 'answered-anew',
        detail: said,
        meaning: said,
        expected: bytes,
        received: { offset: 0, totalBytes: 0, hex: '' },
        replay: said,
      },
    ],
    omittedCases: 2,
  };
}

test('the page of a report over UDP has its outcome, numbers, datagrams and cases', () => {
  const page = datagramHtml(reportOf('here'));
  expect(page).toContain('<h1><strong class="fail">FAIL</strong> 1 of 1 trial fail</h1>');
  expect(page).toContain('<td>here over UDP</td>');
  expect(page).toContain(
    `<tr><th scope="row">double</th>${[1, 0, 0, 0, 0, 1, 0].map((count) => `<td class="n">${count}</td>`).join('')}</tr>`,
  );
  expect(page).not.toContain('<th scope="row">swap</th>');
  expect(page).toContain('<p>Datagram 0</p><pre>00000000  6f 6b');
  expect(page).toContain('<td>at most 2.3 times on the wire: 2 bytes from a new address brought 40 (double:0)</td>');
  expect(page).toContain('<details open><summary>double:0: answered-anew, here</summary>');
  expect(page).toContain('<p>Received</p><p class="faint">nothing</p>');
  expect(page).toContain('<p>2 more are not shown.</p>');
});

test('nothing that a server or a user said is markup, and the page loads and runs nothing', () => {
  const report = reportOf(HOSTILE);
  for (const markup of [datagramHtml(report), datagramJunit(report)]) {
    expect(markup).not.toMatch(/<script|<img|onerror='/);
    expect(markup).toContain('&lt;script&gt;');
  }
  expect(datagramHtml(reportOf('here'))).not.toMatch(/<script|<link|src=|href=|url\(|@import/);
  expect(datagramHtml(report)).toContain('default-src &#39;none&#39;');
});
