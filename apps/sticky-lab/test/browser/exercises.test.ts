import { afterAll, beforeAll, expect, test } from 'vitest';
import { exercises } from '../../src/exercises/list/index.ts';
import { gradeText } from '../../src/exercises/report.ts';
import { openPage, startBrowser } from './browser.ts';
import { startLab } from './lab-process.ts';
import type { Grade } from '../../src/exercises/grade.ts';
import type { LabProcess } from './lab-process.ts';
import type { Browser } from 'playwright-core';

let browser: Browser;
let lab: LabProcess;
beforeAll(async () => {
  [browser, lab] = await Promise.all([startBrowser(), startLab()]);
});
afterAll(async () => {
  await browser.close();
  await lab[Symbol.asyncDispose]();
});

const [greet] = exercises;

/** What the command gives for a program that passes, or fails its last check. */
function gradeOf(isPassed: boolean): Grade {
  const { number: exercise, id, title, checks } = greet!;
  const grades = checks.map(({ name, points }, at) => {
    const isMet = isPassed || at < checks.length - 1;
    return { name, points, isTried: true, isMet, story: isMet ? null : { en: 'it was cut', zh: '它被切开了' } };
  });
  const points = grades.reduce((sum, check) => sum + (check.isMet ? check.points : 0), 0);
  return { exercise, id, title, command: ['true'], isPassed, points, maxPoints: 10, checks: grades };
}

test('the exercises are told with the words of the command, hints one at a time, and a grade is shown as it prints it', async () => {
  await using opened = await openPage(browser, `${lab.url}/?page=exercises`);
  const { page, complaints } = opened;
  await page.getByText(greet!.task.en).waitFor();
  await expect(page.getByRole('navigation', { name: 'Exercises' }).getByRole('link').count()).resolves.toBe(exercises.length);
  await page.getByRole('button', { name: 'Hint 1 of 3' }).click();
  await page.getByText(greet!.hints[0]!.en).waitFor();
  await expect(page.getByText(greet!.hints[1]!.en).count()).resolves.toBe(0);
  const shown = page.locator('.exercise-grade');
  await page.getByLabel('The grade').fill(JSON.stringify(gradeOf(false)));
  await shown.waitFor();
  expect(await shown.textContent()).toBe(gradeText(gradeOf(false), greet!, { language: 'en', hintCount: 1 }));
  await page.getByLabel('The grade').fill(JSON.stringify(gradeOf(true)));
  await page.locator('.exercise-grade[data-passed=true]').waitFor();
  await page.reload();
  await page.getByRole('link', { name: '1 Greet ✓' }).waitFor();
  expect(complaints).toEqual([]);
});

test('what is no grade of the exercise is refused with what it is', async () => {
  await using opened = await openPage(browser, `${lab.url}/?page=exercises&exercise=lines`);
  const { page, complaints } = opened;
  for (const text of ['hello', '{}', 'null', '{"id":"lines","title":1,"checks":[]}', '[1]']) {
    await page.getByLabel('The grade').fill(text);
    await page.getByRole('alert').filter({ hasText: 'this is not what sticky-lab exercise --json prints' }).waitFor();
  }
  await page.getByLabel('The grade').fill(JSON.stringify(gradeOf(true)));
  await page.getByRole('alert').filter({ hasText: 'the grade of another exercise: "greet"' }).waitFor();
  expect(complaints).toEqual([]);
});
