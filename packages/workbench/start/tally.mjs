const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');
/** A task of turbo, and its output. */
const OF_TASK = /^(?<task>\S+?:[\w:]+): (?<text>.*)$/;
const FAILED_TEST = /^\s*FAIL\s+(?<test>.*)$/;
const COUNTS = /^\s*Tests\s+(?<counts>.*\(\d+\))/;
const FAILED_TASK = /^\s*Failed:\s+(?<tasks>.*)$/;
const PASSED_TEST = /^\s*✓ /;

/** Reads the output of turbo and vitest, and collects the summary of `npm test`. */
export function createTally(start) {
  const tests = new Set();
  const tasks = new Set();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  return {
    /** @returns whether to show the line: those of passed tests are thousands. */
    read(line) {
      const plain = line.replaceAll(ESCAPES, '');
      const { task = '', text = plain } = OF_TASK.exec(plain)?.groups ?? {};
      const test = FAILED_TEST.exec(text)?.groups.test;
      if (test !== undefined) tests.add(`${task.replace(/:test$/, '')}: ${test}`);
      for (const [, count, kind] of (COUNTS.exec(text)?.groups.counts ?? '').matchAll(/(\d+) (passed|failed|skipped)/g))
        counts[kind] += Number(count);
      for (const name of FAILED_TASK.exec(plain)?.groups.tasks.split(/,\s*/) ?? []) tasks.add(name.trim());
      return !PASSED_TEST.test(text);
    },
    /** A failure without a failed test. */
    failed(what) {
      if (tasks.size === 0) tasks.add(what);
    },
    hasFailed: () => tests.size > 0 || tasks.size > 0,
    /** The summary: each failed test, or else each failed task; the counts and the time when there is none. */
    end(now) {
      // A task whose tests are listed needs no line of its own.
      const others = [...tasks].filter((task) => ![...tests].some((test) => test.startsWith(`${task.replace(/#test$/, '')}: `)));
      const lines = [...tests, ...others].map((what) => `failed: ${what}`);
      if (lines.length > 0) return lines.join('\n');
      const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
      return `passed: ${counts.passed} tests${skipped}, in ${Math.round((now - start) / 1000)} s`;
    },
  };
}
