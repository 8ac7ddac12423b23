import { fileURLToPath } from 'node:url';
import { foreignPeer, tableFaults } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { grade } from '../../src/exercises/grade.ts';
import { exercises } from '../../src/exercises/list/index.ts';
import { gradeJunit, gradeText } from '../../src/exercises/report.ts';
import type { Grade } from '../../src/exercises/grade.ts';

const FOLDER = fileURLToPath(new URL('../fixtures/exercises', import.meta.url));
const noLimit = new AbortController().signal;
const python = foreignPeer('python3');

function gradeOf(id: string, file: string): Promise<Grade> {
  const exercise = exercises.find((each) => each.id === id)!;
  return grade(exercise, ['python3', `${FOLDER}/${file}.py`, '{port}'], noLimit);
}

/** How each check went: met, not met, or not tried. */
function signs({ checks }: Grade): string {
  return checks.map(({ isMet, isTried }) => (isMet ? '+' : isTried ? '-' : '.')).join('');
}

describe('the list', () => {
  test('is numbered, has 10 points each, and says everything in both languages', () => {
    expect(exercises.map(({ number }) => number)).toEqual(exercises.map((_, at) => at + 1));
    for (const { id, title, task, hints, checks } of exercises) {
      expect([id, checks.reduce((sum, { points }) => sum + points, 0)]).toEqual([id, 10]);
      for (const text of [title, task, ...hints, ...checks.map(({ name }) => name)]) {
        expect(text.en).toMatch(/^\P{Script=Han}+$/u);
        expect(text.zh).toMatch(/\p{Script=Han}|while/u);
      }
    }
  });

  test('is the table of the README', () => {
    const rows = exercises.map(({ number, id }) => ({ '#': String(number), exercise: id }));
    expect(tableFaults('apps/sticky-lab/README.md', 'Exercises', rows)).toEqual([]);
  });
});

describe.skipIf(!python.available)('a program that does as asked passes', { timeout: 60_000 }, () => {
  test.each(exercises.map(({ id }) => id))('%s', async (id) => {
    const result = await gradeOf(id, `right_${id.replaceAll('-', '_')}`);
    expect(result.checks.flatMap(({ story }) => story?.en ?? [])).toEqual([]);
    expect(result).toMatchObject({ isPassed: true, points: 10 });
  });
});

describe.skipIf(!python.available)('a classic mistake is seen for what it is', { timeout: 60_000 }, () => {
  test.each([
    ['greet', 'wrong_recv_is_a_line', '+-', /cuts change the answer; the smallest: after byte/],
    ['talk-until-q', 'wrong_q_in_one_recv', '-..', /^to "quiet\\n" the answer must be "quiet\\n"; it was nothing, then the end/],
    ['serve-the-next', 'wrong_one_client_only', '+-.', /^to "client 1\\n"|the program ended/],
    ['udp-right-sender', 'wrong_first_sender', '+-', /no answer to a datagram|has to get "CLIENT/],
    ['receive-exactly', 'wrong_recv_16_once', '++-', /^15 of 15 cuts change the answer/],
    ['length-prefix-server', 'wrong_header_in_one_recv', '+-', /the program ended while it was cut: exit code 1: struct\.error/],
    ['length-prefix-client', 'wrong_client_reads_once', '+-', /cuts change the answer/],
    ['lines', 'wrong_line_per_recv', '++-', /^3 of 5 cuts change the answer; the smallest: after byte 1/],
    ['over-the-limit', 'wrong_waits_for_what_is_promised', '+-..', /^to "\\x00\\x00\\x04\\x01".*nothing more for 3 s$/],
    ['two-requests', 'wrong_drops_the_second', '+-.', /^to .*then nothing more for 3 s$/],
  ])('%s: %s', async (id, file, wanted, story) => {
    const result = await gradeOf(id, file);
    expect(signs(result)).toBe(wanted);
    expect(result.isPassed).toBe(false);
    expect(result.checks.find(({ isTried, isMet }) => isTried && !isMet)?.story?.en).toMatch(story);
  });
});

describe('what is told of a grade', () => {
  const [first] = exercises;
  const graded: Grade = {
    exercise: 1,
    id: 'greet',
    title: first!.title,
    command: ['./server', '{port}'],
    isPassed: false,
    points: 4,
    maxPoints: 10,
    checks: [
      { name: { en: 'answers', zh: '响应' }, points: 4, isTried: true, isMet: true, story: null },
      { name: { en: 'cuts', zh: '切分' }, points: 6, isTried: true, isMet: false, story: { en: 'it was "<&>"', zh: '实际为 "<&>"' } },
      { name: { en: 'more', zh: '更多' }, points: 0, isTried: false, isMet: false, story: null },
    ],
  };

  test('has the checks, what was seen, the points, and one hint at a time', () => {
    const text = gradeText(graded, first!, { language: 'en', hintCount: 1 });
    expect(text).toContain(
      '  ✓ answers: 4 of 4 points\n  ✗ cuts: 0 of 6 points\n      it was "<&>"\n  · more: not tried\nNOT YET: 4 of 10 points\nhint 1 of 3: ',
    );
    expect(text).toMatch(/the next hint: --hints 2\n$/);
    expect(gradeText(graded, first!, { language: 'zh', hintCount: 0 })).toContain('还没通过：4 / 10 分'.replace('：', ': '));
  });

  test('is JUnit XML for a CI, escaped', () => {
    expect(gradeJunit(graded)).toContain('tests="3" failures="1" skipped="1"');
    expect(gradeJunit(graded)).toContain('<failure message="it was &quot;&lt;&amp;&gt;&quot;"/>');
  });
});

test('a program that is not there is one clear error, and one that does not listen is not waited for for ever', async () => {
  const [first] = exercises;
  await expect(grade(first!, ['/no/such/program', '{port}'], noLimit)).rejects.toMatchObject({ code: 'SERVICE_ERR_USAGE' });
  const ended = await grade(first!, [process.execPath, '-e', 'console.error("I give up"); process.exit(3)', '{port}'], noLimit);
  expect(ended.checks[0]?.story?.en).toBe('the program ended: exit code 3: I give up');
});
