import { readFile } from 'node:fs/promises';
import { connectTo, receive, startProgram } from '@socklab/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPage } from './browser.ts';
import { violations } from './page-audit.ts';
import { withLab } from './with-lab.ts';
import type { ConnectionRecording } from '../../src/pages/proxy/recorded.ts';
import type { LabProcess } from './lab-process.ts';
import type { Program } from '@socklab/testkit';
import type { Socket } from 'node:net';
import type { Browser, Locator, Page } from 'playwright-core';

let browser: Browser;
let lab: LabProcess;
let echo: Program;
let target: string;
const clients: Socket[] = [];

withLab((started) => ({ browser, lab } = started));
beforeAll(async () => {
  echo = startProgram('tcp-echo', ['--listen', 'tcp://127.0.0.1:0', '--framing', 'line'], { stdin: 'ignore' });
  const { endpoints } = await echo.log('listening');
  target = (endpoints as readonly [string])[0].replace('tcp://', '');
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await echo[Symbol.asyncDispose]();
});

function address(parameters: Readonly<Record<string, string>> = {}): string {
  return `${lab.url}/?${new URLSearchParams({ page: 'proxy', ...parameters }).toString()}`;
}

/** Starts the proxy that the form is filled in for. */
async function start(page: Page): Promise<number> {
  await page.getByRole('button', { name: 'Start the proxy' }).click();
  return portOf(page);
}

async function portOf(page: Page): Promise<number> {
  const command = await page.locator('code').filter({ hasText: 'nc ' }).textContent();
  return Number(/\d+$/.exec(command ?? '')?.[0]);
}

async function stop(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Stop the proxy' }).click();
  await page.getByRole('status').filter({ hasText: 'The proxy has ended.' }).waitFor();
}

async function connectThrough(port: number): Promise<Socket> {
  const client = await connectTo(port, { noDelay: true });
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

/** Sends, and waits for the echo. */
async function exchange(client: Socket, text: string): Promise<void> {
  client.write(text);
  expect((await receive(client, text.length)).toString()).toBe(text);
}

function boxes(page: Page, direction: 'up' | 'down', kind: string): Locator {
  return page.locator(`[data-direction="${direction}"] .picture g[data-kind="${kind}"]`);
}

/** The sizes of the boxes of a kind, once there are so many. */
async function sizes(page: Page, direction: 'up' | 'down', kind: string, count: number): Promise<readonly number[]> {
  const found = boxes(page, direction, kind);
  await found.nth(count - 1).waitFor();
  return found.evaluateAll((all) => all.map(({ dataset }) => Number(dataset['end']) - Number(dataset['start'])));
}

async function saved(page: Page): Promise<ConnectionRecording> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as JSON' }).click()]);
  return JSON.parse(await readFile(await file.path(), 'utf8')) as ConnectionRecording;
}

async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    if ((await control.and(page.locator(':focus')).count()) === 1) return;
  }
  throw new Error('Tab does not reach it');
}

describe('the proxy page', () => {
  test('shows live what passes, does another plan from one exchange to the next, and has the same lanes for a link', async () => {
    await using opened = await openPage(browser, address({ target, plan: 'bytes:4', pace: 'none', framing: 'line', direction: 'up' }));
    const { page, complaints } = opened;
    const client = await connectThrough(await start(page));
    await exchange(client, 'hello, you\n');
    await page.getByRole('link', { name: 'Connection 1' }).waitFor();
    expect(await sizes(page, 'up', 'came', 1)).toEqual([11]);
    expect(await sizes(page, 'up', 'forwarded', 3)).toEqual([4, 4, 3]);
    expect(await sizes(page, 'down', 'came', 1)).toEqual([11]);

    await page.getByLabel('Plan').fill('bytes:6');
    await page.getByRole('button', { name: 'Apply the change' }).click();
    await page.getByRole('status').filter({ hasText: 'Changed, for open connections too.' }).waitFor();
    // Pieces are counted from the front of the stream.
    await exchange(client, 'once more\n');
    expect(await sizes(page, 'up', 'forwarded', 6)).toEqual([4, 4, 3, 1, 6, 3]);

    const recording = await saved(page);
    expect(Buffer.from(recording.up.hex, 'hex').toString()).toBe('hello, you\nonce more\n');
    expect(recording.up.messages).toEqual([
      { start: 0, end: 11 },
      { start: 11, end: 21 },
    ]);
    await using again = await openPage(browser, page.url());
    expect(await sizes(again.page, 'up', 'forwarded', 6)).toEqual([4, 4, 3, 1, 6, 3]);
    expect(await saved(again.page)).toEqual(recording);
    await stop(page);
    await again.page.getByRole('status').filter({ hasText: 'The proxy has ended.' }).waitFor();
    expect([...complaints, ...again.complaints]).toEqual([]);
  });

  test('holds the traffic, which then waits, and lets all of it go on', async () => {
    await using opened = await openPage(browser, address({ target, plan: 'pass', pace: 'none' }));
    const { page } = opened;
    const client = await connectThrough(await start(page));
    await exchange(client, 'first\n');
    const hold = page.getByRole('button', { name: 'Hold the traffic' });
    await hold.click();
    await page.getByRole('status').filter({ hasText: 'Held: nothing passes.' }).waitFor();
    await expect(hold.getAttribute('aria-pressed')).resolves.toBe('true');
    client.write('second\n');
    await page.getByRole('cell', { name: /7 B wait/ }).waitFor();
    expect(await sizes(page, 'up', 'came', 2)).toEqual([6, 7]);
    expect(await sizes(page, 'up', 'forwarded', 1)).toEqual([6]);
    await hold.click();
    expect((await receive(client, 7)).toString()).toBe('second\n');
    expect(await sizes(page, 'up', 'forwarded', 2)).toEqual([6, 7]);
    await stop(page);
  });

  test('freezes the picture and nothing else, and starts ladders anew', async () => {
    await using opened = await openPage(browser, address({ target, plan: 'pass', pace: 'none' }));
    const { page } = opened;
    const client = await connectThrough(await start(page));
    await exchange(client, 'one\n');
    await sizes(page, 'down', 'forwarded', 1);
    await page.getByRole('button', { name: 'Freeze the picture' }).click();
    await exchange(client, 'three\n');
    await page
      .getByRole('row', { name: /Connection 1/ })
      .filter({ hasText: '10 B in 2 pieces' })
      .waitFor();
    expect(await sizes(page, 'up', 'forwarded', 1)).toEqual([4]);
    await page.getByRole('button', { name: 'Freeze the picture' }).click();
    expect(await sizes(page, 'up', 'forwarded', 2)).toEqual([4, 6]);
    await page.getByRole('button', { name: 'Start the ladders anew' }).click();
    await boxes(page, 'up', 'forwarded').first().waitFor({ state: 'detached' });
    await exchange(client, 'fourteen\n');
    expect(await sizes(page, 'up', 'forwarded', 1)).toEqual([9]);
    await stop(page);
  });

  test('draws the throughput, with code that is fetched then', async () => {
    await using opened = await openPage(browser, address({ target, plan: 'pass', pace: 'none' }));
    const { page, complaints } = opened;
    const scripts = () => page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    expect((await scripts()).some((name) => /\/chart-/.test(name))).toBe(false);
    const client = await connectThrough(await start(page));
    await exchange(client, 'some bytes\n');
    await page.locator('.proxy-chart canvas').waitFor();
    expect((await scripts()).some((name) => /\/chart-/.test(name))).toBe(true);
    await page.getByRole('row', { name: /client → target 11 1 0/ }).waitFor();
    await stop(page);
    expect(complaints).toEqual([]);
  });

  test('a client without a server is answered by the lab, line by line', async () => {
    await using opened = await openPage(browser, address({ plan: 'pass', pace: 'none' }));
    const { page } = opened;
    await page.getByRole('button', { name: /only a client/ }).click();
    await expect.poll(() => page.getByLabel('Target').inputValue()).toMatch(/^127\.0\.0\.1:\d+$/);
    const client = await connectThrough(await start(page));
    client.write('alex\n');
    expect((await receive(client, 12)).toString()).toBe('hello alex\r\n');
    expect(await sizes(page, 'up', 'came', 1)).toEqual([5]);
    await stop(page);
  });

  test('leads to the cut test with what the client asked first, then with all that it sent', async () => {
    await using opened = await openPage(browser, address({ target, plan: 'pass', pace: 'none' }));
    const { page } = opened;
    const client = await connectThrough(await start(page));
    await exchange(client, 'a line\n');
    await page.getByRole('link', { name: /cut everywhere/ }).click();
    await expect.poll(() => page.getByLabel('Target').inputValue()).toBe(target);
    await page.getByRole('button', { name: 'Start' }).click();
    await page.locator('.campaign-state[data-state=reported]').waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Play it to the target, cut everywhere' }).click();
    await expect.poll(() => page.getByLabel('Request', { exact: true }).inputValue()).toContain('"socklab":"recording"');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.locator('.campaign-state[data-state=reported]').waitFor();
    await page.goBack();
    await stop(page);
  });

  test('is followed by ten tabs of one browser at once: they share a stream', async () => {
    await using opened = await openPage(browser, address({ target, plan: 'pass', pace: 'none' }));
    const { page, context } = opened;
    const client = await connectThrough(await start(page));
    const pages = [page];
    for (let tab = 1; tab < 10; tab++) {
      const next = await context.newPage();
      await next.goto(page.url());
      pages.push(next);
    }
    for (const [at, each] of pages.entries()) await each.getByRole('link', { name: 'Connection 1' }).waitFor({ timeout: 10_000 + at });
    await exchange(client, 'all see it\n');
    for (const each of pages) expect(await sizes(each, 'up', 'forwarded', 1)).toEqual([11]);
    // One that leaves takes nothing from the others.
    for (const each of pages.splice(3)) await each.close();
    await exchange(client, 'and more\n');
    for (const each of pages) expect(await sizes(each, 'up', 'forwarded', 2)).toEqual([11, 9]);
    await stop(page);
  });

  test('can be used by the keyboard alone', async () => {
    await using opened = await openPage(browser, address());
    const { page } = opened;
    await tabTo(page, page.getByLabel('Target'));
    await page.keyboard.type(target);
    await page.keyboard.press('Enter');
    const client = await connectThrough(await portOf(page));
    await exchange(client, 'keys\n');
    await sizes(page, 'up', 'forwarded', 2);
    await tabTo(page, page.getByRole('button', { name: 'Hold the traffic' }));
    await page.keyboard.press('Space');
    await page.getByRole('status').filter({ hasText: 'Held: nothing passes.' }).waitFor();
    await page.keyboard.press('Space');
    await page.getByRole('status').filter({ hasText: 'Running.' }).waitFor();
    await tabTo(page, page.getByRole('link', { name: 'Connection 1' }));
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).searchParams.get('connection')).toBe('1');
    await stop(page);
  });

  test('says beside the field what is refused, in the language of the reader', async () => {
    await using opened = await openPage(browser, address({ target: '192.0.2.1:80' }), { language: 'zh' });
    const { page } = opened;
    await page.getByRole('button', { name: '启动代理' }).click();
    await page.getByRole('alert').waitFor();
    const field = page.locator('.field').filter({ has: page.getByLabel('目标') });
    expect(await field.getByRole('alert').textContent()).toContain('既不是本机也不是私有网络');
    await expect(page.getByLabel('目标').getAttribute('aria-invalid')).resolves.toBe('true');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByLabel('Target').fill(target);
    await page.getByLabel('Plan').fill('bytes:none');
    await page.getByRole('button', { name: 'Start the proxy' }).click();
    await page.getByRole('alert').filter({ hasText: 'bytes:N takes whole numbers' }).waitFor();
    await page.getByLabel('Plan').fill('drip');
    await start(page);
    await stop(page);
  });

  test('a link to a proxy that is gone says so, and offers to start the same again', async () => {
    await using opened = await openPage(browser, address({ target, plan: 'drip', proxy: 'long-gone' }));
    const { page } = opened;
    await page.getByRole('alert').filter({ hasText: 'does not know this proxy' }).waitFor();
    await expect(page.getByLabel('Plan').inputValue()).resolves.toBe('drip');
    await start(page);
    await stop(page);
  });

  test.each([
    ['en', 'light'],
    ['zh', 'dark'],
  ] as const)('has nothing that axe objects to, and nothing wider than a phone, in %s and %s', async (language, theme) => {
    await using opened = await openPage(browser, address({ target, framing: 'line' }), { language, theme, width: 360 });
    const { page, complaints } = opened;
    await page.locator('form button[type="submit"]').click();
    const client = await connectThrough(await portOf(page));
    await exchange(client, 'hello\n');
    await page.locator('.proxy-chart canvas').waitFor();
    await sizes(page, 'down', 'forwarded', 2);
    // What a picture consists of is the business of its own tests.
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(complaints).toEqual([]);
  });
});
