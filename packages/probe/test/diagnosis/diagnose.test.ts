import { expect, test } from 'vitest';
import { BUGS } from '../../src/diagnosis/bugs.ts';
import { glueOf } from '../../src/diagnosis/diagnose-glue.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { FOOTPRINTS } from '../../src/diagnosis/footprints.ts';
import { framesOf } from '../../src/exchange/frames.ts';
import { gluedSteps, plainSteps, roundsSteps } from '../../src/plans/base/steps.ts';
import { conversation, oneFrame, prefixed, trialOf, utf8 } from '../exchanges.ts';
import type { GlueTally } from '../../src/diagnosis/diagnose-glue.ts';
import type { CutEvidence } from '../../src/diagnosis/diagnose.ts';
import type { Bug, Bytes, Confidence } from '../../src/types.ts';

/** All cuts of some bytes, of which those in `failing` hang. */
function evidence(bytes: Bytes, failing: (cut: number) => boolean, framing?: string): CutEvidence {
  const cells = Array.from({ length: bytes.length - 1 }, (_, index) => (failing(index + 1) ? 'h' : '.')).join('');
  return { bytes, cells, ...(framing === undefined ? {} : { frames: framesOf(bytes, framing) }) };
}

const request = prefixed('the payload');
const two = prefixed('first', 'second');
const text = utf8('{"name":"世界","city":"Köln"}\n');
const http = utf8('GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n');
const inside = (places: readonly number[]) => (cut: number) => places.includes(cut);

test.each<[string, CutEvidence, Bug | undefined, Confidence | undefined]>([
  ['cuts inside the length hang', evidence(request, (cut) => cut < 4, 'u32be'), 'header-one-recv', 'certain'],
  ['cuts inside the lengths of two frames hang', evidence(two, inside([1, 2, 3, 10, 11, 12]), 'u32be'), 'header-one-recv', 'certain'],
  ['cuts inside the payload hang', evidence(request, (cut) => cut > 4, 'u32be'), 'payload-one-recv', 'certain'],
  ['all cuts but the one between header and payload hang', evidence(request, (cut) => cut !== 4, 'u32be'), 'each-part-one-recv', 'certain'],
  ['all cuts hang', evidence(request, () => true, 'u32be'), 'recv-is-message', 'likely'],
  ['all cuts hang, without a framing', evidence(http, () => true), 'recv-is-message', 'likely'],
  ['all cuts but those between frames hang', evidence(two, (cut) => cut !== 9, 'u32be'), 'recv-is-message', 'certain'],
  ['cuts inside characters hang', evidence(text, inside([10, 11, 13, 14, 27])), 'text-per-chunk', 'certain'],
  ['cuts inside characters of a line hang', evidence(text, inside([10, 11, 13, 14, 27]), 'line'), 'text-per-chunk', 'certain'],
  ['cuts inside line ends hang', evidence(http, inside([15, 24, 30, 31, 32])), 'delimiter-per-chunk', 'certain'],
  ['cuts inside the second frame hang', evidence(two, (cut) => cut > 9, 'u32be'), 'leftover-lost', 'certain'],
  ['cuts inside the payload hang but one', evidence(request, (cut) => cut > 4 && cut !== 9, 'u32be'), 'payload-one-recv', 'likely'],
  ['six in ten cuts inside the payload hang', evidence(request, (cut) => cut > 4 && cut % 5 > 1, 'u32be'), 'payload-one-recv', 'possible'],
  ['cuts inside the length hang, and some elsewhere', evidence(request, (cut) => cut < 4 || cut % 4 === 1, 'u32be'), undefined, undefined],
  ['four of six cuts of a line hang', evidence(utf8('abcdef\n'), (cut) => cut > 2), undefined, undefined],
  ['one cut in a long payload hangs', evidence(new Uint8Array(3000), inside([1460])), undefined, undefined],
  ['nothing hangs', evidence(request, () => false, 'u32be'), undefined, undefined],
])('when %s', (_what, cuts, bug, confidence) => {
  const diagnosis = diagnose({ sends: [cuts], glue: [] });
  expect([diagnosis?.bug, diagnosis?.confidence]).toEqual([bug, confidence]);
  if (bug !== undefined) expect(diagnosis?.sentence).toBe(BUGS[bug]);
});

test('a bug is certain only when no other explains the same cuts', () => {
  // The payload is one character: to read it with one recv and to decode it chunk by chunk look the same.
  const cuts = evidence(prefixed('🌍'), (place) => place > 4, 'u32be');
  expect(diagnose({ sends: [cuts], glue: [] })).toMatchObject({
    confidence: 'likely',
    evidence: '3 of 3 cuts inside a character fail, and 0 of 4 elsewhere; payload-one-recv would look the same',
  });
});

test('some glued parts fail and some do not: what was left over is lost, and that is not certain', () => {
  const glue = [
    { ...rounds, pass: 1, fail: 0 },
    { ...cut, pass: 2, fail: 6 },
  ];
  expect(diagnose({ sends: [fine], glue })).toMatchObject({ bug: 'leftover-lost', confidence: 'likely' });
});

test('the evidence is counted', () => {
  const diagnosis = diagnose({ sends: [evidence(request, (cut) => cut < 4, 'u32be')], glue: [] });
  expect(diagnosis?.evidence).toBe('3 of 3 cuts inside a header fail, and 0 of 11 elsewhere');
});

test('of too few cuts no more than a possibility is inferred', () => {
  const sparse = { ...evidence(request, () => false, 'u32be'), cells: `-h${'-'.repeat(7)}.${'-'.repeat(4)}` };
  expect(diagnose({ sends: [sparse], glue: [] })).toMatchObject({ bug: 'header-one-recv', confidence: 'possible' });
});

test('cuts that were not tried, or that are flaky, say nothing', () => {
  const cuts = { ...evidence(request, () => false, 'u32be'), cells: 'hhh-~.........' };
  expect(diagnose({ sends: [cuts], glue: [] })).toMatchObject({ bug: 'header-one-recv', confidence: 'certain' });
});

test('unconfirmed cuts speak for a right server as confirmed ones do', () => {
  const cuts = { ...evidence(request, () => false, 'u32be'), cells: 'hhh???????????' };
  expect(diagnose({ sends: [cuts], glue: [] })).toMatchObject({ bug: 'header-one-recv', confidence: 'certain' });
});

test('sends are judged together', () => {
  const sends = [evidence(request, (cut) => cut < 4, 'u32be'), evidence(two, inside([1, 2, 3, 10, 11, 12]), 'u32be')];
  expect(diagnose({ sends, glue: [] })?.evidence).toBe('9 of 9 cuts inside a header fail, and 0 of 23 elsewhere');
});

const fine = evidence(request, () => false, 'u32be');
const rounds = { kind: 'whole', first: 0, isRepeated: true } as const;
const window = { kind: 'whole', isRepeated: false } as const;
const cut = { kind: 'cut', first: 0, isRepeated: true } as const;

test.each<[string, readonly GlueTally[], readonly CutEvidence[], Bug | undefined, Confidence | undefined]>([
  ['requests in one piece are not all answered', [{ ...rounds, pass: 0, fail: 2 }], [fine], 'first-message-only', 'certain'],
  ['so it is, and no single cut was tried', [{ ...rounds, pass: 0, fail: 2 }], [], 'first-message-only', 'likely'],
  [
    'each pair of sends in one piece fails',
    [0, 1].map((first) => ({ ...window, first, pass: 0, fail: 1 })),
    [fine],
    'first-message-only',
    'certain',
  ],
  [
    'only the first pair of sends fails',
    [0, 1].map((first) => ({ ...window, first, pass: first, fail: 1 - first })),
    [fine],
    'leftover-lost',
    'certain',
  ],
  ['the only pair of sends fails', [{ ...window, first: 0, pass: 0, fail: 1 }], [fine], 'leftover-lost', 'possible'],
  [
    'only glued parts fail',
    [
      { ...rounds, pass: 1, fail: 0 },
      { ...cut, pass: 0, fail: 6 },
    ],
    [fine],
    'leftover-lost',
    'certain',
  ],
  ['glued parts fail, and whole ones were not tried', [{ ...cut, pass: 0, fail: 6 }], [fine], 'leftover-lost', 'possible'],
  ['glued requests are answered', [{ ...rounds, pass: 2, fail: 0 }], [fine], undefined, undefined],
  [
    'single cuts fail in no known way, too',
    [{ ...rounds, pass: 0, fail: 2 }],
    [evidence(request, inside([7]), 'u32be')],
    undefined,
    undefined,
  ],
])('glue: when %s', (_what, glue, sends, bug, confidence) => {
  const diagnosis = diagnose({ sends, glue });
  expect([diagnosis?.bug, diagnosis?.confidence]).toEqual([bug, confidence]);
});

test('failing single cuts name the bug before glue does', () => {
  const glue = [{ ...rounds, pass: 0, fail: 2 }];
  expect(diagnose({ sends: [evidence(request, (place) => place < 4, 'u32be')], glue })?.bug).toBe('header-one-recv');
});

test('how a trial glues is read from its bursts', () => {
  expect(glueOf(trialOf({ steps: roundsSteps(oneFrame, 2) }))).toEqual(rounds);
  expect(glueOf(trialOf({ steps: roundsSteps(oneFrame, 2, [9]) }))).toEqual(cut);
  expect(glueOf(trialOf({ steps: gluedSteps(conversation, 0, 1) }))).toEqual({ ...window, first: 0 });
  expect(glueOf(trialOf({ steps: plainSteps(conversation) }))).toBeUndefined();
});

test('every bug has a sentence and a way to be found', () => {
  // The last is told by what is left behind, not by a pattern of cuts: see the gallery.
  const found = new Set<Bug>([
    ...FOOTPRINTS.map(({ bug }) => bug),
    'first-message-only',
    'shared-between-connections',
    'silence-is-end',
    'no-limit',
    'end-unnoticed',
  ]);
  expect([...found].toSorted()).toEqual(Object.keys(BUGS).toSorted());
});
