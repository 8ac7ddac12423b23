import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openPage } from './browser.ts';
import { Film, lengthOf } from './film.ts';
import { withLab } from './with-lab.ts';
import type { LabProcess } from './lab-process.ts';
import type { Browser, Page } from 'playwright-core';

/** One picture of the READMEs. */
interface Shot {
  readonly name: string;
  readonly search: string;
  readonly language?: 'en' | 'zh';
  readonly theme?: 'light' | 'dark';
  readonly height: number;
  /** Brings the page to what is shown. */
  readonly prepare: (page: Page) => Promise<void>;
}

/** The pictures are written when somebody asks for them; otherwise the pages are only drawn. */
const IS_WRITTEN = process.env['SOCKLAB_SCREENSHOTS'] === '1';

const SHOTS: readonly Shot[] = [
  {
    name: 'home-zh',
    search: '',
    language: 'zh',
    height: 900,
    prepare: (page) => page.locator('.home-side[data-fate=whole] .picture').waitFor(),
  },
  {
    name: 'predict',
    search: '?experiment=two-sends-merge',
    height: 620,
    prepare: (page) => page.locator('.predict').waitFor(),
  },
  {
    name: 'lesson',
    search: '?experiment=two-sends-merge&run=1',
    height: 900,
    prepare: (page) => page.locator('.picture').first().waitFor(),
  },
  {
    name: 'lesson-zh-dark',
    search: '?experiment=frames-survive&run=1',
    language: 'zh',
    theme: 'dark',
    height: 1000,
    prepare: (page) => page.locator('.picture').first().waitFor(),
  },
  {
    name: 'cuts',
    search: '?experiment=naive-fix-breaks&run=1',
    height: 900,
    prepare: (page) => page.locator('.fates').waitFor(),
  },
  {
    name: 'queue',
    search: '?experiment=udp-does-not-slow-down&run=1',
    height: 1000,
    prepare: (page) => page.locator('.level').nth(1).waitFor(),
  },
  {
    name: 'exercises-zh',
    search: '?page=exercises&exercise=length-prefix-server',
    language: 'zh',
    height: 700,
    prepare: (page) => page.locator('.exercise').waitFor(),
  },
  {
    name: 'playground',
    search: '?page=playground&messages=hello%0Aworld%0A%E4%BD%A0%E5%A5%BD',
    height: 1800,
    prepare: (page) => page.locator('.playground-side .picture').nth(1).waitFor(),
  },
  {
    name: 'codec',
    search: '?page=codec&framing=mqtt&hex=100c00044d5154540402003c00003006000161e7b298c0003004',
    height: 1000,
    prepare: (page) => page.locator('.codec-strip li').nth(3).waitFor(),
  },
  {
    name: 'probe',
    search: '?page=probe',
    height: 1500,
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Start' }).click();
      await page.locator('.campaign-state[data-state=reported]').waitFor();
      await page.getByRole('gridcell', { name: 'cut after byte 3: wrong bytes' }).click();
    },
  },
];

let browser: Browser;
let lab: LabProcess;
withLab((started) => ({ browser, lab } = started));

test.each(SHOTS)('the picture $name of the READMEs is what the page draws', async ({ name, search, prepare, ...look }) => {
  await using opened = await openPage(browser, `${lab.url}/${search}`, { ...look, width: 1200 });
  const { page, complaints } = opened;
  await prepare(page);
  const path = pathOf(`${name}.png`);
  const png = await page.screenshot({ animations: 'disabled', caret: 'hide', ...(IS_WRITTEN ? { path } : {}) });
  expect(png.length).toBeGreaterThan(10_000);
  expect(complaints).toEqual([]);
});

test.each([
  { language: 'en', name: 'moving.webp' },
  { language: 'zh', name: 'moving-zh.webp' },
] as const)('the moving picture $name of the READMEs is ten seconds of the page', async ({ language, name }) => {
  await using opened = await openPage(browser, lab.url, { language, width: 1100, height: 620 });
  const { page, complaints } = opened;
  const film = new Film(page);
  await page.locator('.home-side[data-fate=whole] .picture').waitFor();
  await film.take(2500);
  await page.locator('.home-actions a').click();
  const wrongGuess = page.locator('.predict-answers button').nth(1);
  await wrongGuess.waitFor();
  await film.take(1500);
  await wrongGuess.hover();
  await film.take(500);
  await wrongGuess.click();
  await page.locator('.lesson .picture').waitFor();
  await page.locator('.lesson').evaluate((lesson) => lesson.scrollIntoView());
  await film.take(1500);
  await film.press(page.locator('.steps button').last(), 600);
  const picture = await film.develop();
  // How many steps there are is for the sockets to say.
  const { frames, ms } = await lengthOf(picture);
  expect([frames >= 8, Math.round(ms / 2000)]).toEqual([true, 5]);
  expect(complaints).toEqual([]);
  if (IS_WRITTEN) await writeFile(pathOf(name), picture);
});

function pathOf(name: string): string {
  return fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
}
