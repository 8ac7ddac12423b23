import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { listening, repoRoot, startCommand } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { echoLines, startTarget } from '../pages/probe/probe-page-setup.ts';
import { openPage } from './browser.ts';
import { violations } from './page-audit.ts';
import { longestTaskMs } from './page-trace.ts';
import { withLab } from './with-lab.ts';
import type { JobWithResult } from '../../src/http/jobs/contract.ts';
import type { ProbeReport } from '../../src/pages/probe/contract.ts';
import type { LabProcess } from './lab-process.ts';
import type { Browser, Page } from 'playwright-core';

let browser: Browser;
let lab: LabProcess;
withLab((started) => ({ browser, lab } = started));

/** What the focused element is called. */
const FOCUSED_LABEL = `(() => {
  const { labels, textContent } = document.activeElement;
  return labels?.[0]?.textContent ?? document.activeElement.getAttribute('aria-label') ?? textContent;
})()`;

const isLinux = process.platform === 'linux';

function probeAddress(parameters: Readonly<Record<string, string>> = {}): string {
  return `${lab.url}/?${new URLSearchParams({ page: 'probe', ...parameters }).toString()}`;
}

async function stripOf(page: Page): Promise<string> {
  const cells = await page.getByRole('grid').getByRole('gridcell').allTextContents();
  return cells.join('').replaceAll('✓', '.').replaceAll('·', '-');
}

/** What the service has of the campaign that the address of the page names. */
async function reportOf(page: Page): Promise<ProbeReport> {
  const job = new URL(page.url()).searchParams.get('campaign') ?? '';
  const answer = await page.request.get(`${lab.url}/api/jobs/${job}`);
  return ((await answer.json()) as JobWithResult).result as ProbeReport;
}

async function reported(page: Page): Promise<void> {
  await page.locator('.campaign-state[data-state=reported]').waitFor();
}

/** What an element of the page says. */
async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).textContent()) ?? '';
}

describe('the page of the probe', () => {
  test('works out of the box: fills the strip, names the bug, tells the story of a failing cell', async () => {
    await using opened = await openPage(browser, probeAddress({ hang: '1000' }));
    const { page, complaints } = opened;
    await page.getByRole('button', { name: 'Start' }).click();
    await reported(page);
    const report = await reportOf(page);
    await expect(stripOf(page)).resolves.toBe(report.sends[0]?.cells);
    expect(report).toMatchObject({ outcome: 'fail', totals: { fail: 3 } });
    await page.getByText('Diagnosis: header-one-recv').waitFor();
    await page.getByRole('gridcell', { name: 'cut after byte 3: wrong bytes' }).click();
    const story = page.getByRole('region', { name: 'Cut after byte 3: wrong bytes' });
    await story.getByText('after byte 3 of the 4-byte length of frame 0', { exact: true }).waitFor();
    const found = report.cases.find(({ trial }) => trial.shape === '3');
    await story.getByText(found?.detail ?? 'no such case', { exact: true }).waitFor();
    await expect(story.getByLabel('The bytes around the cut').textContent()).resolves.toBe(found?.dump);
    await expect(story.getByLabel('Expected').textContent()).resolves.toContain('|one right answer|');
    await expect(story.getByLabel('Received').textContent()).resolves.toMatch(/^0000 {2}[\da-f ]+ {2}\|/);
    await expect(story.getByLabel('Command').textContent()).resolves.toBe(found?.replay);
    expect(complaints).toEqual([]);
  });

  test('shows the same campaign again from its address, and the form of a link', async () => {
    await using opened = await openPage(browser, probeAddress({ practice: 'recv-is-message', text: String.raw`hi there\n` }));
    await opened.page.getByRole('button', { name: 'Start' }).click();
    await reported(opened.page);
    await using again = await openPage(browser, opened.page.url());
    await reported(again.page);
    await expect(stripOf(again.page)).resolves.toBe(await stripOf(opened.page));
    await expect(again.page.getByLabel('Request', { exact: true }).inputValue()).resolves.toBe(String.raw`hi there\n`);
    await expect(again.page.getByLabel('Server').inputValue()).resolves.toBe('recv-is-message');
  });

  test('a server of the reader’s own begins with nothing of the practice server', async () => {
    await using opened = await openPage(browser, probeAddress());
    const { page } = opened;
    await page.getByLabel('Server').selectOption('A server of mine');
    await expect(page.getByLabel('Request', { exact: true }).inputValue()).resolves.toBe(String.raw`hello\n`);
    await expect(page.getByLabel('Framing of the request').inputValue()).resolves.toBe('');
    await expect(page.getByRole('textbox', { name: 'Plans' }).inputValue()).resolves.toBe('thorough');
  });

  test('finds a bug of the gallery with the keyboard alone', async () => {
    const file = fileURLToPath(new URL(`file://${repoRoot}/packages/probe/gallery/text-per-chunk.ts`));
    await using server = startCommand([process.execPath, file]);
    const port = await server.line(/^\d+$/);
    await using opened = await openPage(browser, probeAddress());
    const { page, complaints } = opened;
    const { keyboard } = page;
    const tabTo = async (name: string): Promise<void> => {
      for (let presses = 0; presses < 40; presses++) {
        const isThere = (await page.evaluate<string>(FOCUSED_LABEL)).startsWith(name);
        if (isThere) return;
        await keyboard.press('Tab');
      }
      throw new Error(`Tab does not reach ${name}`);
    };
    await page.getByLabel('Server').waitFor();
    await tabTo('Server');
    await keyboard.press('Home');
    await tabTo('Target');
    await keyboard.type(`127.0.0.1:${port}`);
    await tabTo('Written as');
    await keyboard.press('Home');
    await tabTo('Request');
    await keyboard.press('ControlOrMeta+a');
    await keyboard.type(String.raw`grüße\n`);
    await tabTo('Framing');
    await keyboard.press('Home');
    await keyboard.type('line');
    await tabTo('Start');
    await keyboard.press('Enter');
    await reported(page);
    const report = await reportOf(page);
    expect(report).toMatchObject({ target: `127.0.0.1:${port}`, outcome: 'fail', diagnosis: { bug: 'text-per-chunk' } });
    await expect(stripOf(page)).resolves.toBe(isLinux ? '..w.w..' : report.sends[0]?.cells);
    await tabTo('cut after byte 1');
    await keyboard.press('ArrowRight');
    await keyboard.press('ArrowRight');
    await keyboard.press('Enter');
    await page.getByRole('region', { name: 'Cut after byte 3' }).getByLabel('Command').waitFor();
    await expect(textOf(page, '.replay code')).resolves.toBe(
      String.raw`sticky-lab probe --target 127.0.0.1:${port} --request 'text:grüße\n' --framing line --plan at:3`,
    );
    await keyboard.press('Escape');
    await expect(page.locator(':focus').getAttribute('data-cut')).resolves.toBe('3');
    await keyboard.press('End');
    await expect(page.locator(':focus').getAttribute('data-cut')).resolves.toBe('7');
    expect(complaints).toEqual([]);
  });

  test('stops a campaign and goes on with it', async () => {
    let connections = 0;
    const { promise: isReached, resolve: reached } = Promise.withResolvers<void>();
    await using server = await startTarget((socket, connection) => {
      connections = connection + 1;
      // One is never answered, so that there is something to stop.
      if (connection === 30) reached();
      else echoLines(socket);
    });
    const request = `${'x'.repeat(100)}\\n`;
    await using opened = await openPage(
      browser,
      probeAddress({ target: server.target, text: request, framing: 'line', plans: 'every-cut', hang: '30000', concurrency: '1' }),
    );
    const { page } = opened;
    await page.getByRole('button', { name: 'Start' }).click();
    await isReached;
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.locator('.campaign-state[data-state=stopped]').waitFor();
    const before = await stripOf(page);
    // What is done is a fair sample of all cuts.
    expect(before).toMatch(/^[.?-]{100}$/);
    const left = before.replaceAll(/[.?]/g, '').length;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(80);
    expect(before.lastIndexOf('.')).toBeGreaterThan(90);
    const connectionsBefore = connections;
    await page.getByRole('button', { name: 'Go on' }).click();
    await reported(page);
    await expect(stripOf(page)).resolves.toMatch(/^[.?]{100}$/);
    expect(connections - connectionsBefore).toBeLessThan(left + 10);
  });

  test('says beside the field what is refused, and opens the settings for it', async () => {
    await using opened = await openPage(browser, probeAddress({ plans: 'every-cat', pace: 'slow' }));
    const { page } = opened;
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('alert').filter({ hasText: 'unknown plan "every-cat"' }).waitFor();
    await expect(page.getByLabel('Plans', { exact: true }).getAttribute('aria-invalid')).resolves.toBe('true');
    await page.getByLabel('Plans', { exact: true }).fill('every-cut');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('alert').filter({ hasText: 'unknown pace "slow"' }).waitFor();
    await expect(page.getByLabel('Pace').isVisible()).resolves.toBe(true);
  });

  test('says why a campaign could not be done', async () => {
    const server = createServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    await using opened = await openPage(browser, probeAddress({ target: `127.0.0.1:${port}`, text: 'x' }));
    const { page } = opened;
    await page.getByLabel('Request', { exact: true }).fill('hello');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('status').filter({ hasText: 'ECONNREFUSED' }).waitFor();
  });

  test('stays responsive while 4095 cells fill', async () => {
    await using server = await startTarget((socket) => echoLines(socket, () => 'ok'));
    const form = { target: server.target, text: `${'x'.repeat(4095)}\\n`, until: 'bytes:3', pace: 'none', concurrency: '64' };
    await using opened = await openPage(browser, probeAddress(form));
    const { page } = opened;
    const longest = await longestTaskMs(browser, page, async () => {
      await page.getByRole('button', { name: 'Start' }).click();
      await reported(page);
      await page.locator('[data-cut="1"]').focus();
      await page.keyboard.press('ControlOrMeta+End');
      await expect(page.locator(':focus').getAttribute('data-cut')).resolves.toBe('4095');
    });
    await expect(stripOf(page)).resolves.toMatch(/^\?{4095}$/);
    expect(longest).toBeLessThan(200);
    expect(longest).toBeGreaterThan(1);
  });

  test.for([
    ['en', 'light', 'Start'],
    ['zh', 'dark', '开始'],
  ] as const)('has nothing that axe objects to, in %s and %s', async ([language, theme, start]) => {
    await using opened = await openPage(browser, probeAddress({ practice: 'text-per-chunk' }), { language, theme });
    const { page, complaints } = opened;
    await page.getByRole('button', { name: start }).click();
    await reported(page);
    await page.locator('.cell.fail').first().click();
    await page.locator('.replay').waitFor();
    for (const summary of await page.locator('summary').all()) await summary.click();
    await expect(violations(page)).resolves.toEqual([]);
    expect(complaints).toEqual([]);
  });
});
