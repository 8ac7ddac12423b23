import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openPage } from './browser.ts';
import { withLab } from './with-lab.ts';
import type { PlaygroundResult } from '../../src/pages/playground/result.ts';
import type { LabProcess } from './lab-process.ts';
import type { Browser, Locator, Page } from 'playwright-core';

let browser: Browser;
let lab: LabProcess;
withLab((started) => ({ browser, lab } = started));

function address(parameters: Readonly<Record<string, string>> = {}): string {
  return `${lab.url}/?${new URLSearchParams({ page: 'playground', ...parameters }).toString()}`;
}

async function runAndWait(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await isDone(page);
}

async function isDone(page: Page): Promise<void> {
  await page
    .getByRole('status')
    .filter({ hasText: /^done$/ })
    .waitFor();
}

function side(page: Page, name: RegExp): Locator {
  return page.getByRole('region', { name });
}

async function verdict(page: Page, name: RegExp): Promise<string | null> {
  return side(page, name).locator('.playground-verdict').textContent();
}

/** What a picture shows, but for the times, and for the segments, which a capture may tell one time and not another. */
function lanes({ framed }: PlaygroundResult): unknown {
  const events = framed.flow.events.filter(({ type }) => type !== 'segment');
  return events.map((event) => ('end' in event ? { type: event.type, start: event.start, end: event.end } : event.type));
}

async function isFocused(page: Page, control: Locator): Promise<boolean> {
  return (await control.and(page.locator(':focus')).count()) === 1;
}

/** Presses Tab until `control` has the focus. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    if (await isFocused(page, control)) return;
  }
  throw new Error('Tab does not reach it');
}

async function savedResult(page: Page): Promise<PlaygroundResult> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as JSON' }).click()]);
  return JSON.parse(await readFile(await file.path(), 'utf8')) as PlaygroundResult;
}

describe('the playground', () => {
  test('shows raw go wrong and i32le stay right, side by side', async () => {
    await using opened = await openPage(browser, address());
    const { page, complaints } = opened;
    await page.getByLabel('Messages, one a line').fill('one\ntwo\nthree\n');
    await runAndWait(page);
    expect(await verdict(page, /^raw/)).toBe('✗ 3 messages sent, 1 read: glued');
    expect(await verdict(page, /^i32le/)).toBe('✓ 3 messages sent, 3 read: all whole');
    await expect(page.getByRole('list', { name: 'Received with raw' }).getByRole('listitem').allTextContents()).resolves.toEqual([
      'onetwothree',
    ]);
    await expect(page.getByRole('list', { name: 'Received with i32le' }).getByRole('listitem').allTextContents()).resolves.toEqual([
      'one',
      'two',
      'three',
    ]);
    const left = await side(page, /^raw/).boundingBox();
    const right = await side(page, /^i32le/).boundingBox();
    expect(left?.y).toBe(right?.y);
    expect(right?.x).toBeGreaterThan(left?.x ?? Infinity);
    await expect(page.locator('.playground-side .picture').count()).resolves.toBe(2);
    expect(complaints).toEqual([]);
  });

  test('saves what happened: the settings and both flows', async () => {
    await using opened = await openPage(browser, address());
    const { page } = opened;
    await page.getByRole('button', { name: 'Cut', exact: true }).click();
    await page.getByLabel('Framing').selectOption('netstring');
    await runAndWait(page);
    const { settings, raw, framed } = await savedResult(page);
    expect(settings).toMatchObject({ framing: 'netstring', write: 'pieces', pieceBytes: 7, firstRead: 'at-once', noDelay: false });
    expect(raw.verdict.fate).toBe('cut');
    expect(framed.received).toEqual(['a message of 21 bytes', '你好，世界']);
    expect(await side(page, /^raw/).getAttribute('data-fate')).toBe('cut');
    expect(framed.flow.events.filter(({ type }) => type === 'message')).toHaveLength(2);
  });

  test('says what was refused beside its field, and takes it once it is right', async () => {
    await using opened = await openPage(browser, address());
    const { page } = opened;
    const readSize = page.getByLabel('recv(n): bytes a read');
    await readSize.fill('0');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const refused = page.getByRole('alert');
    await refused.waitFor();
    await expect(refused.textContent()).resolves.toBe('allowed: whole numbers from 1 to 65536, received 0');
    await expect(readSize.getAttribute('aria-invalid')).resolves.toBe('true');
    await expect(page.locator('.field').filter({ has: readSize }).getByRole('alert').count()).resolves.toBe(1);
    await expect(isFocused(page, readSize)).resolves.toBe(true);
    await page.getByRole('button', { name: '中文' }).click();
    await expect(refused.textContent()).resolves.toBe('应为 1 到 65536 的整数，收到 0');
    await page.getByRole('button', { name: 'English' }).click();
    await readSize.fill('4');
    await runAndWait(page);
    await expect(refused.count()).resolves.toBe(0);
    expect(await verdict(page, /^i32le/)).toContain('all whole');
  });

  test('takes a layout file, whose messages are whole frames', async () => {
    await using opened = await openPage(browser, address());
    const { page, complaints } = opened;
    await page.getByRole('combobox', { name: 'Framing' }).selectOption('a layout…');
    await page.getByLabel('Layout file').setInputFiles(fileURLToPath(import.meta.resolve('@socklab/framing/layouts/dlt645.json')));
    await expect.poll(() => page.getByLabel('Layout', { exact: true }).inputValue()).toContain('dlt645');
    const frame = String.raw`\x68\x12\x34\x56\x78\x90\x00\x68\x11\x04\x33\x33\x34\x33\x56\x16`;
    await page.getByLabel('Messages, one a line').fill(`${frame}\n${frame}\n`);
    await runAndWait(page);
    expect(await verdict(page, /^raw/)).toBe('✗ 2 messages sent, 1 read: glued');
    expect(await verdict(page, /^dlt645/)).toBe('✓ 2 messages sent, 2 read: all whole');
    expect(complaints).toEqual([]);
    await page.getByLabel('Layout', { exact: true }).fill('{"kind":"frames"}');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('alert').getByText('layout.kind is "frames", allowed:').waitFor();
  });

  test('a message that the framing cannot carry is refused beside the messages', async () => {
    await using opened = await openPage(browser, address({ messages: String.raw`fine${'\n'}a\nb`, framing: 'line' }));
    const { page } = opened;
    await expect(page.getByRole('alert').textContent()).resolves.toContain('line cannot carry message 2');
    await expect(page.getByLabel('Messages, one a line').getAttribute('aria-invalid')).resolves.toBe('true');
  });

  test('a link repeats the run: same settings, same verdicts, same lanes', async () => {
    await using opened = await openPage(browser, address());
    const { page } = opened;
    await page.getByRole('button', { name: 'Short reads', exact: true }).click();
    await page.getByLabel('Turn Nagle’s algorithm off (TCP_NODELAY)').check();
    await runAndWait(page);
    const first = await savedResult(page);
    const link = await page.getByRole('link', { name: 'Link to this run' }).getAttribute('href');
    expect(new URL(link ?? '', page.url()).href).toBe(page.url());
    await using again = await openPage(browser, page.url());
    await isDone(again.page);
    const second = await savedResult(again.page);
    expect(second.settings).toEqual(first.settings);
    expect(second.settings).toMatchObject({ noDelay: true, readBytes: 8 });
    expect(second.raw.verdict).toEqual(first.raw.verdict);
    expect(lanes(second)).toEqual(lanes(first));
    expect(await verdict(again.page, /^raw/)).toBe(await verdict(page, /^raw/));
  });

  test('leaves messages out of an address that would be too long, and says so', async () => {
    await using opened = await openPage(browser, address());
    const { page } = opened;
    await page.getByLabel('Messages, one a line').fill('x'.repeat(3000));
    await runAndWait(page);
    await page.getByText('the link leaves them out').waitFor();
    expect(page.url().length).toBeLessThan(2000);
    await using again = await openPage(browser, page.url());
    await again.page.getByText('The link has no messages').waitFor();
    await expect(again.page.getByRole('heading', { name: 'What happened' }).count()).resolves.toBe(0);
  });

  test('is used by keyboard alone', async () => {
    await using opened = await openPage(browser, address());
    const { page } = opened;
    await tabTo(page, page.getByRole('button', { name: 'Luck' }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByLabel('Messages, one a line'));
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('a');
    await tabTo(page, page.getByLabel('Framing'));
    await page.keyboard.type('nets');
    await tabTo(page, page.getByRole('button', { name: 'Run', exact: true }));
    await page.keyboard.press('Enter');
    await isDone(page);
    expect(await verdict(page, /^raw/)).toBe('✓ 1 message sent, 1 read: whole this time, though nothing keeps them apart');
    expect(await verdict(page, /^netstring/)).toBe('✓ 1 message sent, 1 read: all whole');
    await tabTo(page, page.getByRole('list', { name: 'Received with netstring' }));
  });

  test('stops a run that takes long', async () => {
    await using opened = await openPage(browser, address());
    const { page } = opened;
    await page.getByLabel('First read').selectOption('delayed');
    await page.getByLabel('Delay of the first read (ms)').fill('5000');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('status').filter({ hasText: 'runs: raw' }).waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByRole('status').filter({ hasText: 'stopped' }).waitFor();
    await expect(page.getByRole('button', { name: 'Run', exact: true }).isEnabled()).resolves.toBe(true);
  });

  test('10,000 messages are all told of', async () => {
    await using opened = await openPage(browser, address(), { language: 'zh' });
    const { page, complaints } = opened;
    await page.getByRole('button', { name: '一万条消息' }).click();
    await page.getByRole('button', { name: '运行' }).click();
    await page.getByRole('status').filter({ hasText: '完成' }).waitFor();
    expect(await verdict(page, /^i32le/)).toBe('✓ 发送了 10000 条消息，读到 10000 条：全部完整');
    await page.getByText('还有 9800 条').waitFor();
    expect(complaints).toEqual([]);
  });
});
