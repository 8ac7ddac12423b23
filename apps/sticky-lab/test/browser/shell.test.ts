import { describe, expect, test } from 'vitest';
import { openPage } from './browser.ts';
import { startLab } from './lab-process.ts';
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

  test('is in the language that the address asks for, whatever the view, and the address is then good for all', async () => {
    await using opened = await openPage(browser, `${lab.url}/?lang=zh&experiment=address-is-32-bits&run=1`);
    const { page, complaints } = opened;
    await page.getByRole('heading', { name: '为什么' }).waitFor();
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toMatchObject({ experiment: 'address-is-32-bits', first: '100' });
    expect(page.url()).not.toContain('lang');
    await page.goto(`${lab.url}/?lang=en`);
    await page.getByRole('link', { name: 'Learn' }).waitFor();
    expect(page.url()).toBe(`${lab.url}/`);
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
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Bytes' }).click();
    await page.getByRole('alert').getByText('could not be loaded').waitFor();
    await page.unroute(/\/assets\/codec-/);
    await page.getByRole('button', { name: 'Load the page again' }).click();
    await page.locator('.codec-strip').waitFor();
  });

  test('has three doors; behind that of one’s own program all views are about the same one', async () => {
    await using opened = await openPage(browser, lab.url);
    const { page, complaints } = opened;
    const doors = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
    expect(await doors.allTextContents()).toEqual(['Learn', 'My program', 'Bytes']);
    await doors.nth(1).click();
    await page.getByLabel('Address').fill('127.0.0.1:7777');
    await page.getByLabel('Framing').selectOption('line');
    const beside = page.getByRole('navigation', { name: 'My program' });
    await beside.getByRole('link', { name: 'Proxy' }).click();
    await expect.poll(() => page.getByLabel('Target').inputValue()).toBe('127.0.0.1:7777');
    await expect(page.getByLabel('Framing').inputValue()).resolves.toBe('line');
    await beside.getByRole('link', { name: 'Cut test' }).click();
    await expect.poll(() => page.getByLabel('Target').inputValue()).toBe('127.0.0.1:7777');
    await expect(page.getByLabel('Request', { exact: true }).inputValue()).resolves.toBe(String.raw`hello\n`);
    await page.getByLabel('Target').fill('127.0.0.1:7778');
    await beside.getByRole('link', { name: 'Conversation' }).click();
    await expect.poll(() => page.getByLabel('Address').inputValue()).toBe('127.0.0.1:7778');
    expect(complaints).toEqual([]);
  });

  test('shows a class only what it may use, from the first picture on', async () => {
    const [token, classToken] = ['a-token-of-20-letters', 'a-token-of-the-class'];
    await using guarded = await startLab('127.0.0.1:0', ['--token', token, '--class-token', classToken]);
    await using opened = await openPage(browser, `${guarded.url}/?token=${classToken}&page=probe`);
    const { page, complaints } = opened;
    await page.getByText('is not open to a class').waitFor();
    const doors = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
    expect(await doors.allTextContents()).toEqual(['Learn', 'Bytes']);
    await page.locator('.home-door').nth(1).waitFor();
    expect(await page.locator('.home-door h2').allTextContents()).toEqual(['Learn', 'Bytes']);
    for (const [door, views] of [
      ['Learn', ['Lessons', 'Playground', 'Exercises']],
      ['Bytes', ['Codec bench']],
    ] as const) {
      await doors.filter({ hasText: door }).click();
      for (const name of views) {
        if (views.length > 1) await page.getByRole('navigation', { name: door }).getByRole('link', { name }).click();
        await page.getByRole('heading', { level: 1, name }).waitFor();
      }
    }
    // Nothing that the page asked for was refused.
    expect(complaints).toEqual([]);
  });
});
