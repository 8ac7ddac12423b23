import { describe, expect, test } from 'vitest';
import { openPage } from './browser.ts';
import { withLab } from './with-lab.ts';
import type { LabProcess } from './lab-process.ts';
import type { Browser } from 'playwright-core';

let browser: Browser;
let lab: LabProcess;
withLab((started) => ({ browser, lab } = started));

describe('the page', () => {
  test('opens with what it is about, drawn from real sockets, in the language of the browser, without a complaint', async () => {
    await using opened = await openPage(browser, lab.url, { language: 'zh' });
    const { page, complaints } = opened;
    await page.getByRole('heading', { level: 1, name: 'TCP 里没有“消息”' }).waitFor();
    await page.locator('.home-side[data-fate=glued] [data-kind=read] .seam').waitFor({ state: 'attached' });
    await page.locator('.home-side[data-fate=whole] .picture').waitFor();
    await expect(page.locator('html').getAttribute('lang')).resolves.toBe('zh-CN');
    expect(complaints).toEqual([]);
  });

  test('remembers the language that was chosen', async () => {
    await using opened = await openPage(browser, lab.url);
    const { page } = opened;
    await page.getByRole('button', { name: '中文' }).click();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'TCP 里没有“消息”' }).waitFor();
    await page.getByRole('link', { name: '自己来预测' }).click();
    await page.getByRole('heading', { level: 1, name: '课程' }).waitFor();
    await page.getByRole('link', { name: 'sticky-lab' }).click();
    await page.getByRole('heading', { level: 1, name: 'TCP 里没有“消息”' }).waitFor();
  });

  test('loads a view when it is shown, and says so when it cannot', async () => {
    await using opened = await openPage(browser, lab.url);
    const { page } = opened;
    await page.locator('.home-side[data-fate=whole] .picture').waitFor();
    await page.route(/\/assets\/codec-/, (route) => route.abort());
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Codec bench' }).click();
    await page.getByRole('alert').getByText('could not be loaded').waitFor();
    await page.unroute(/\/assets\/codec-/);
    await page.getByRole('button', { name: 'Load the page again' }).click();
    await page.locator('.codec-strip').waitFor();
  });
});
