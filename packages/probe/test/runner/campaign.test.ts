import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { requestExchange } from '../../src/exchange/create.ts';
import { hashExchange, openJournal } from '../../src/runner/journal/journal.ts';
import type { CampaignIdentity } from '../../src/runner/journal/journal.ts';
import type { Verdict } from '../../src/types.ts';

const identity: CampaignIdentity = { exchange: 'e', plans: 'every-cut', seed: '1', shard: '0/1', target: 't', pace: 'drain', masks: '' };
const PASS: Verdict = { kind: 'pass' };
const FAIL: Verdict = { kind: 'fail', failure: 'hang', answer: 0, at: 3, detail: 'nothing more came' };

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'probe-'));
  path = join(folder, 'journal.jsonl');
});

afterEach(() => rmSync(folder, { recursive: true }));

function open(more: Partial<CampaignIdentity> = {}): { seen: [number, Verdict][]; journal: ReturnType<typeof openJournal> } {
  const seen: [number, Verdict][] = [];
  const onVerdict = (index: number, verdict: Verdict): void => void seen.push([index, verdict]);
  return { seen, journal: openJournal({ path, identity: { ...identity, ...more }, count: 20, onVerdict }) };
}

describe('the journal of a campaign', () => {
  test('gives back what was noted, and knows what is done', () => {
    const first = open();
    first.journal.add(7, PASS);
    first.journal.add(3, FAIL);
    first.journal.add(7, FAIL);
    first.journal.close();
    const { seen, journal } = open();
    expect(seen).toEqual([
      [7, PASS],
      [3, FAIL],
    ]);
    expect([3, 7, 8].map((index) => journal.has(index))).toEqual([true, true, false]);
    journal.close();
  });

  test('cut off at any byte loses at most the verdict that was under way, and goes on behind it', () => {
    const first = open();
    for (const index of [1, 2, 3]) first.journal.add(index, index === 2 ? FAIL : PASS);
    first.journal.close();
    const whole = readFileSync(path);
    const lineEnds = [...whole.keys()].filter((at) => whole[at] === 0x0a);
    for (let length = whole.length; length >= 0; length--) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      const { seen, journal } = open();
      const wholeLines = lineEnds.filter((at) => at < length).length;
      expect(seen.map(([index]) => index)).toEqual([1, 2, 3].slice(0, Math.max(0, wholeLines - 1)));
      journal.add(9, PASS);
      journal.close();
      const again = open();
      expect(again.seen.at(-1)).toEqual([9, PASS]);
      again.journal.close();
    }
  });

  test.for(['exchange', 'plans', 'seed', 'shard', 'target', 'pace', 'masks'] as const)(
    'throws PROBE_ERR_JOURNAL for a campaign with another %s, naming it',
    (name) => {
      open().journal.close();
      expect(() => open({ [name]: 'other' })).toThrow(
        expect.objectContaining({ code: 'PROBE_ERR_JOURNAL', message: expect.stringContaining(`its ${name} is`) }),
      );
    },
  );

  test.for(['not json\n', '[]\n', '[20,{"kind":"pass"}]\n', '[-1,{"kind":"pass"}]\n', '[1,{"kind":"fail"}]\n', '[1,{"kind":"won"}]\n'])(
    'throws PROBE_ERR_JOURNAL for a line that is none: %j',
    (line) => {
      open().journal.close();
      appendFileSync(path, line);
      expect(() => open()).toThrow(expect.objectContaining({ code: 'PROBE_ERR_JOURNAL', message: expect.stringContaining('line 2') }));
    },
  );

  test('refuses a file that is something else, and leaves it as it is', () => {
    writeFileSync(path, 'dear diary\n');
    expect(() => open()).toThrow(expect.objectContaining({ code: 'PROBE_ERR_JOURNAL' }));
    writeFileSync(path, 'x'.repeat(200_000));
    expect(() => open()).toThrow(expect.objectContaining({ code: 'PROBE_ERR_JOURNAL' }));
    expect(readFileSync(path, 'utf8')).toHaveLength(200_000);
  });

  test('reads a journal of many pages', () => {
    const journal = openJournal({ path, identity, count: 20_000, onVerdict: () => {} });
    for (let index = 0; index < 20_000; index++) journal.add(index, index % 3 === 0 ? FAIL : PASS);
    journal.close();
    let next = 0;
    openJournal({ path, identity, count: 20_000, onVerdict: (index) => expect(index).toBe(next++) }).close();
    expect(next).toBe(20_000);
  });
});

function hash(text: string, framing?: string): string {
  return hashExchange(requestExchange(Buffer.from(text), framing === undefined ? {} : { framing }));
}

test('exchanges have the same hash exactly when they send and wait for the same', () => {
  expect(hash('abc\n')).toBe(hash('abc\n'));
  expect(new Set([hash('abc\n'), hash('abd\n'), hash('abc\n', 'line')]).size).toBe(3);
});
