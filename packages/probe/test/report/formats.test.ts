import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestExchange } from '../../src/exchange/create.ts';
import { htmlReport } from '../../src/report/html/html.ts';
import { readReport, writeReport } from '../../src/report/json.ts';
import { junitReport } from '../../src/report/junit.ts';
import { mergeReports } from '../../src/report/merge.ts';
import { textReport } from '../../src/report/text.ts';
import { FAILURE_KINDS } from '../../src/types.ts';
import { prefixed, utf8 } from '../exchanges.ts';
import { hang, sample } from './sample.ts';
import type { ProbeReport } from '../../src/report/model.ts';
import type { Trial, Verdict } from '../../src/types.ts';

const VERDICTS: readonly Verdict[] = [
  { kind: 'pass' },
  { kind: 'unconfirmed' },
  hang(),
  { ...hang(), failure: 'wrong-bytes' },
  { kind: 'flaky', detail: 'once' },
];

/** Reports of campaigns with verdicts as they come, over requests, names and answers that try to break out. */
const anyReport: fc.Arbitrary<ProbeReport> = fc
  .record({
    payloads: fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { minLength: 1, maxLength: 3 }),
    name: fc.string({ unit: 'binary', maxLength: 12 }),
    target: fc.string({ unit: 'binary', maxLength: 12 }),
    answer: fc.string({ unit: 'binary', maxLength: 12 }),
    verdicts: fc.array(fc.constantFrom(...VERDICTS), { minLength: 1, maxLength: 20 }),
  })
  .map(({ payloads, verdicts, name, ...options }) =>
    sample({
      ...options,
      exchange: requestExchange(prefixed(...payloads), { framing: 'u32be', name }),
      plans: 'every-cut+drip+glue:2+half-close',
      judge: ({ index }) => verdicts[index % verdicts.length]!,
    }),
  );

test('a report is read back from its JSON as it was', () => {
  fc.assert(
    fc.property(anyReport, (report) => {
      expect(readReport(writeReport(report))).toEqual(report);
      expect(writeReport(readReport(writeReport(report)))).toBe(writeReport(report));
    }),
    { numRuns: 50 },
  );
});

test('the keys of the JSON come in one order, whatever order they were set in', () => {
  const report = sample();
  const reversed = Object.fromEntries(Object.entries(report).toReversed()) as unknown as ProbeReport;
  expect(writeReport(reversed)).toBe(writeReport(report));
  expect(Object.keys(JSON.parse(writeReport(report)) as object).slice(0, 3)).toEqual(['version', 'outcome', 'target']);
});

test.each([
  ['{', 'not a report of version 1: '],
  ['{}', 'version must be 1, received nothing'],
  ['{"version":2}', 'version must be 1, received 2'],
  [writeReport(sample()).replace('"hhh', '"<b>'), 'sends[0].cells must be cells'],
  [writeReport(sample()).replace('"header-one-recv"', '"none"'), 'diagnosis.bug must be "header-one-recv" or'],
  [writeReport(sample()).replace('"seed": 1', '"seed": "1"'), 'seed must be a whole number'],
])('what is no report is refused with its place: %#', (text, message) => {
  expect(() => readReport(text)).toThrow(
    expect.objectContaining({ code: 'PROBE_ERR_REPORT', message: expect.stringContaining(message) as string }),
  );
});

/** The tags of a document, text and attribute values left out. */
function tagsOf(markup: string): readonly string[] {
  return [...markup.matchAll(/<\/?([a-z!?][\w-]*)/gi)].map(([, name]) => name!.toLowerCase());
}

const HTML_TAGS = new Set(
  '!doctype html head meta title style body main section h1 h2 h3 strong table thead tbody tr th td ul li i div details summary p pre'.split(
    ' ',
  ),
);

test('nothing that a peer or a user wrote reaches the page as markup', () => {
  fc.assert(
    fc.property(anyReport, (report) => {
      const page = htmlReport(report);
      expect(tagsOf(page).filter((tag) => !HTML_TAGS.has(tag))).toEqual([]);
      const open = tagsOf(htmlReport(report)).length;
      const renamed = htmlReport({ ...report, target: 'x', exchange: {} });
      expect(tagsOf(renamed)).toHaveLength(open);
    }),
    { numRuns: 50 },
  );
});

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='x'>&`;

test('a hostile name, target, detail and answer are text', () => {
  const report = sample({
    target: HOSTILE,
    exchange: requestExchange(prefixed(HOSTILE), { framing: 'u32be', name: HOSTILE }),
    answer: HOSTILE,
    judge: () => ({ ...hang(), detail: HOSTILE }),
  });
  for (const markup of [htmlReport(report), junitReport(report)]) {
    expect(markup).not.toMatch(/<script|<img|onerror='/);
    expect(markup).toContain('&lt;script&gt;');
  }
});

test('the page loads nothing and runs nothing', () => {
  const page = htmlReport(sample());
  expect(page).toContain('default-src &#39;none&#39;');
  expect(page).not.toMatch(/<script|<link|src=|href=|url\(|@import/);
});

test('the strip has one cell for each cut, with a letter beside the colour, and a table that says the same', () => {
  const page = htmlReport(sample());
  const cells = [...page.matchAll(/<i class="(\w+)( s)?" title="cut (\d+): ([\w -]+)">(.)<\/i>/g)];
  expect(cells).toHaveLength(14);
  expect(cells[2]?.slice(1)).toEqual(['fail', undefined, '3', 'hang', 'h']);
  expect(cells[3]?.slice(1)).toEqual(['pass', undefined, '4', 'pass', '.']);
  expect(page).toContain('<tr><td>1 to 3</td><td>hang</td></tr><tr><td>4 to 14</td><td>pass</td></tr>');
  expect(page).toContain('aria-label="Send 0, 15 bytes: cuts 1 to 14; the table below lists them"');
});

test('the beginning of a frame is marked in the strip', () => {
  const exchange = requestExchange(prefixed('a', 'b'), { framing: 'u32be' });
  const page = htmlReport(sample({ exchange, plans: 'every-cut', judge: () => ({ kind: 'pass' }) }));
  expect(page.match(/<i class="pass s" title="cut (\d+)/g)).toEqual(['<i class="pass s" title="cut 5']);
});

/** A server that fails in one trial alone. */
function failsAt(failing: number): (trial: { readonly index: number }) => Verdict {
  return ({ index }) => (index === failing ? hang() : { kind: 'pass' });
}

test('the strip of a long request has several cuts in a cell, and shows the worst', () => {
  const exchange = requestExchange(new Uint8Array(40_001));
  const page = htmlReport(sample({ exchange, plans: 'every-cut', judge: failsAt(31_000) }));
  expect(page).toContain('Each cell stands for 3 cuts and shows the worst of them.');
  expect(page.match(/<i class="fail" title="[^"]*"/g)).toEqual(['<i class="fail" title="cuts 31000 to 31002: hang"']);
});

test('JUnit counts the cases that it lists', () => {
  fc.assert(
    fc.property(anyReport, (report) => {
      const xml = junitReport(report);
      for (const [suite, counts, cases] of xml.matchAll(/<testsuite name="[^"]*" ([^>]*)>\n([\s\S]*?) {2}<\/testsuite>/g)) {
        const listed = (what: RegExp) => cases!.match(what)?.length ?? 0;
        expect(suite).toContain(
          `tests="${listed(/<testcase /g)}" failures="${listed(/<failure /g)}" errors="${listed(/<error /g)}" skipped="${listed(/<skipped /g)}"`,
        );
        expect(counts).toBeDefined();
      }
      expect(tagsOf(xml).filter((tag) => !/^(\?xml|testsuites?|testcase|failure|error|skipped)$/.test(tag))).toEqual([]);
      expect(xml).not.toMatch(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u);
    }),
    { numRuns: 50 },
  );
});

test('JUnit names the failing trials with the likely bug, and the control', () => {
  const xml = junitReport(sample());
  expect(xml).toContain('<testsuite name="control" tests="1" failures="0" errors="0" skipped="0">');
  expect(xml).toContain('<testsuite name="every-cut" tests="4" failures="3" errors="0" skipped="0">');
  expect(xml).toContain('<testcase classname="ask" name="every-cut#0"><failure message="hang: nothing more came');
  expect(xml).toContain('likely bug: header-one-recv (certain)');
  expect(junitReport(sample({ control: 'flaky' }))).toContain(
    '<error message="runs 1 and 2 differ: nothing was learnt about segmentation">',
  );
});

test('the text says what was tried, what failed, where, why, and how to see it again', () => {
  expect(textReport(sample())).toMatchInlineSnapshot(`
    "target    127.0.0.1:9000
    exchange  ask (u32be): 15 bytes in 1 frame
    control   ok, 3 runs, longest 1.3 ms
    pace      drain, seed 1, 1.23 s

    plan           planned         pass         fail  unconfirmed        flaky
    every-cut           14           11            3            0            0
    glue:2               1            1            0            0            0

           1  hhh...........

    cuts: . pass  h hang

    FAIL  3 of 15 trials fail
    not tried: several cuts in one request; more than 2 requests in one write; two connections whose pieces alternate; pauses between the pieces

    likely bug: header-one-recv (certain)
      The header is read with one recv, which may bring only a part of it: read on until all its bytes are there.
      3 of 3 cuts inside a header fail, and 0 of 11 elsewhere

    every-cut#0  hang: nothing more came after 0 of 2 bytes of the answer
      2 more like it
      after byte 1 of the 4-byte length of frame 0

      00000000  00                                               |.               |
      >>> SPLIT HERE <<< after byte 1 of the 4-byte length of frame 0
      00000001     00 00 0b 74 68 65 20 70 61 79 6c 6f 61 64     | ...the payload |

      expected  ok (2 bytes)
      received  o (1 byte)
      replay    sticky-lab probe --target 127.0.0.1:9000 --plan at:1
    "
  `);
});

const sevenKinds = ({ index }: Trial): Verdict => ({ ...hang(), failure: FAILURE_KINDS[index % 7]! });

test.each<[string, ProbeReport, string]>([
  ['all well', sample({ judge: () => ({ kind: 'pass' }) }), 'PASS  all 15 trials went well, each piece confirmed as read before the next'],
  ['unconfirmed', sample({ judge: () => ({ kind: 'unconfirmed' }) }), 'UNCONFIRMED  15 of 15 trials went well, but'],
  ['flaky', sample({ judge: () => ({ kind: 'flaky', detail: 'x' }) }), 'FLAKY  15 trials of 15 failed once and not again'],
  ['no control', sample({ control: 'failed' }), 'CONTROL-FAILED  runs 1 and 2 differ: nothing was learnt about segmentation'],
  ['a shard', sample({ shard: { index: 1, of: 3 } }), 'shards    1 of 3, counted from 0: the others are not in this report'],
  ['merged shards', mergeReports([0, 1].map((index) => sample({ shard: { index, of: 2 } }))), 'shards    all 2'],
  ['many cases', sample({ plans: 'every-cut', judge: () => hang() }), '\n  9 more like it\n'],
  ['many kinds of cases', sample({ plans: 'every-cut', judge: sevenKinds }), '\nand 8 more\n'],
])('the text of a report with %s', (_what, report, line) => {
  expect(textReport(report)).toContain(line);
});

test('no text of a peer or a user steers the terminal', () => {
  fc.assert(
    fc.property(anyReport, (report) => {
      expect(textReport(report)).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    }),
    { numRuns: 50 },
  );
});

test('the strip of a long request shows the rows that fail', () => {
  const exchange = requestExchange(utf8('a'.repeat(20_000)));
  const text = textReport(sample({ exchange, plans: 'every-cut', judge: failsAt(12_799) }));
  expect(text).toContain(`   12737  ${'.'.repeat(63)}h`);
  expect(text).toContain('… 312 more rows');
});
