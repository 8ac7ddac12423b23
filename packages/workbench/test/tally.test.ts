import { expect, test } from 'vitest';

interface Tally {
  read(line: string): boolean;
  failed(what: string): void;
  hasFailed(): boolean;
  end(now: number): string;
}

const { createTally } = (await import(new URL('../start/tally.mjs', import.meta.url).href)) as { createTally: (start: number) => Tally };

test('the last line has the counts of all packages and the time', () => {
  const tally = createTally(0);
  tally.read('@socklab/framing:test:       Tests  \u001b[1m12 passed\u001b[22m | 1 skipped (13)');
  tally.read('tcp-echo:test:       Tests  30 passed (30)');
  expect(tally.hasFailed()).toBe(false);
  expect(tally.end(61_000)).toBe('passed: 42 tests, 1 skipped, in 61 s');
});

test('a failed test is named by package, file and sentence, once', () => {
  const tally = createTally(0);
  for (let time = 0; time < 2; time += 1) tally.read('tcp-echo:test:  FAIL  test/a.test.ts > group > it breaks');
  tally.read(' Failed:    tcp-echo#test');
  tally.failed('turbo run');
  expect(tally.hasFailed()).toBe(true);
  expect(tally.end(1000)).toBe('failed: tcp-echo: test/a.test.ts > group > it breaks');
});

test('a task that failed without a test is named as well', () => {
  const tally = createTally(0);
  tally.read('tcp-echo:test:  FAIL  test/a.test.ts > it breaks');
  tally.read('Failed:    //#lint, tcp-echo#test');
  expect(tally.end(1000).split('\n')).toEqual(['failed: tcp-echo: test/a.test.ts > it breaks', 'failed: //#lint']);
});

test('lines of passed tests are not shown', () => {
  const tally = createTally(0);
  expect(tally.read('tcp-echo:test:    ✓ it holds 12ms')).toBe(false);
  expect(tally.read('tcp-echo:test:    × it breaks 12ms')).toBe(true);
});
