import { createServer } from 'node:net';
import { i32le, lengthPrefixed } from '@socklab/framing';
import { describe, expect, test } from 'vitest';
import { openPage } from './browser.ts';
import { startRelay } from './cuttable-relay.ts';
import { startLab } from './lab-process.ts';
import { unreachable, violations } from './page-audit.ts';
import { longestTaskMs } from './page-trace.ts';
import { withLab } from './with-lab.ts';
import type { LabProcess } from './lab-process.ts';
import type { AddressInfo, Socket } from 'node:net';
import type { Browser, Page } from 'playwright-core';

let browser: Browser;
let lab: LabProcess;
withLab((started) => ({ browser, lab } = started));

const LOOKS = [
  ['en', 'light', 1440],
  ['en', 'dark', 390],
  ['zh', 'light', 390],
  ['zh', 'dark', 1024],
] as const;

/** Pages as they are opened, and with something in them; each says when it has drawn. */
const ADDRESSES: readonly (readonly [name: string, search: string, drawn: string])[] = [
  ['the landing page', '', '.home-side .picture'],
  ['the lessons', '?page=lessons', '.predict'],
  ['a lesson that was run', '?experiment=two-sends-merge&run=1', '.picture'],
  ['a lesson with long rows', '?experiment=udp-does-not-slow-down&run=1', '.rows'],
  ['the playground', '?page=playground', '.playground-form'],
  ['a run of the playground', '?page=playground&messages=one%0Atwo', '.playground-side .picture'],
  ['the exercises', '?page=exercises', '.exercise'],
  ['the codec bench', '?page=codec', '.codec-strip'],
  ['the codec bench with an error', '?page=codec&framing=u32be&hex=00000001681603010200010001', '.codec-fault'],
  ['the codec bench with what it refuses', '?page=codec&framing=x&hex=zz', '.refusal'],
  ['the probe', '?page=probe', 'form'],
  ['the proxy', '?page=proxy', 'form'],
  ['the chat', '?page=chat', 'form'],
];

const EACH_LOOK = ADDRESSES.flatMap(([name, search, drawn]) =>
  LOOKS.map(([language, theme, width]) => ({ name, search, drawn, language, theme, width })),
);

/** A program that somebody chats with: it says what the test wants it to say. */
interface Peer extends AsyncDisposable {
  readonly address: string;
  /** The first connection that comes. */
  readonly connection: Promise<Socket>;
}

const codec = lengthPrefixed({ length: i32le });

async function startPeer(): Promise<Peer> {
  const server = createServer();
  const connection = new Promise<Socket>((resolve) => {
    server.once('connection', resolve);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connection,
    [Symbol.asyncDispose]: async () => {
      (await connection).destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

async function isShown(page: Page, drawn: string): Promise<void> {
  await page.locator(`main ${drawn}`).first().waitFor();
}

test('the doors have the pages that are looked at here', async () => {
  await using opened = await openPage(browser, lab.url);
  await opened.page.locator('.home-door').nth(2).waitFor();
  const links = await opened.page.locator('.home-door a').all();
  const ids = await Promise.all(links.map(async (link) => new URLSearchParams((await link.getAttribute('href')) ?? '').get('page')));
  expect(new Set(ids), 'write the address of each view into ADDRESSES').toEqual(
    new Set(ADDRESSES.map(([, search]) => new URLSearchParams(search).get('page') ?? 'lessons')),
  );
});

test.each(EACH_LOOK)('$name in $language, $theme, at $width px has no violation of accessibility and no complaint', async (look) => {
  await using opened = await openPage(browser, `${lab.url}/${look.search}`, look);
  const { page, complaints } = opened;
  await isShown(page, look.drawn);
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(look.width);
  expect(complaints).toEqual([]);
});

describe('the keyboard', () => {
  test.each(ADDRESSES)('comes to every control of %s', async (_, search, drawn) => {
    await using opened = await openPage(browser, `${lab.url}/${search}`);
    await isShown(opened.page, drawn);
    expect(await unreachable(opened.page)).toEqual([]);
  });

  test('skips the navigation, and opens a page from it', async () => {
    await using opened = await openPage(browser, lab.url);
    const { page } = opened;
    const { keyboard } = page;
    await isShown(page, 'h1');
    await keyboard.press('Tab');
    await expect(page.locator(':focus').textContent()).resolves.toBe('Skip to the content');
    for (let presses = 0; presses < 4; presses++) await keyboard.press('Tab');
    await keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Codec bench' }).waitFor();
    await page.reload();
    await isShown(page, '.codec-strip');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await keyboard.press('Tab');
    await expect(page.evaluate('document.activeElement.closest("main") !== null')).resolves.toBe(true);
  });
});

describe('a service that goes away', () => {
  test('is told at the top of the page, until it is there again and the page works on', async () => {
    await using first = await startLab();
    await using opened = await openPage(browser, `${first.url}/?page=playground`);
    const { page } = opened;
    const banner = page.locator('.banner');
    const run = page.getByRole('button', { name: 'Run', exact: true });
    await run.waitFor();
    await expect(banner.isVisible()).resolves.toBe(false);
    first.program.signal('SIGKILL');
    await first.program.exit();
    await run.click();
    await banner.waitFor({ state: 'visible' });
    await using again = await startLab(new URL(first.url).host);
    expect(again.url).toBe(first.url);
    await banner.waitFor({ state: 'hidden' });
    await run.click();
    await page
      .getByRole('status')
      .filter({ hasText: /^done$/ })
      .waitFor();
  });

  test('for a while leaves no gap in what the page follows, and nothing twice', { timeout: 60_000 }, async () => {
    await using peer = await startPeer();
    await using relay = await startRelay(lab.url);
    await using opened = await openPage(browser, `${relay.url}/?page=chat&framing=i32le&address=${peer.address}`);
    const { page } = opened;
    await page.getByRole('button', { name: 'Connect' }).click();
    const log = page.getByRole('log');
    const socket = await peer.connection;
    const say = (from: number, to: number): void => {
      for (let number = from; number < to; number++) socket.write(codec.encode(new TextEncoder().encode(`line ${number}.`)));
    };
    say(0, 20);
    await log.getByText('line 19.', { exact: true }).waitFor();
    relay.cut();
    await page.locator('.banner').waitFor({ state: 'visible' });
    say(20, 40);
    relay.mend();
    await log.getByText('line 39.', { exact: true }).waitFor();
    await page.locator('.banner').waitFor({ state: 'hidden' });
    say(40, 60);
    await log.getByText('line 59.', { exact: true }).waitFor();
    const shown = (await log.innerText()).match(/line \d+\./g);
    expect(shown).toEqual(Array.from({ length: 60 }, (_, number) => `line ${number}.`));
    const [, ...later] = relay.requests('GET /api/jobs/events?');
    expect(later.at(-1)).toMatch(/^last-event-id: [\da-f-]{36}:[1-9]\d*\r$/im);
  });
});

test('a run of 10,000 messages keeps no task busy for 200 ms', { timeout: 120_000 }, async () => {
  await using opened = await openPage(browser, `${lab.url}/?page=playground`);
  const { page, complaints } = opened;
  await page.getByRole('button', { name: '10,000 messages' }).click();
  const longest = await longestTaskMs(browser, page, async () => {
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page
      .getByRole('status')
      .filter({ hasText: /^done$/ })
      .waitFor({ timeout: 60_000 });
    await page.locator('.playground-side .picture').nth(1).waitFor();
    await page.getByRole('button', { name: 'Later' }).first().click();
    await page.getByRole('button', { name: 'Bytes to the right' }).first().click();
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('heading', { level: 1, name: '动手实验' }).waitFor();
  });
  expect(longest).toBeGreaterThan(0);
  expect(longest).toBeLessThan(200);
  expect(complaints).toEqual([]);
});
