import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openPage } from './browser.ts';
import { withLab } from './with-lab.ts';
import type { LabProcess } from './lab-process.ts';
import type { RunReport } from '@socklab/lab';
import type { RecordedFlow, FlowEvent } from '@socklab/lab/picture';
import type { Browser, Locator, Page } from 'playwright-core';

/** A box of a picture, as it says of itself what it shows. */
interface ShownBox {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

let browser: Browser;
let lab: LabProcess;
withLab((started) => ({ browser, lab } = started));

function shownBoxes(page: Page): Promise<readonly ShownBox[]> {
  return page.evaluate(`[...document.querySelectorAll('svg.drawn [data-event]')]
    .map(({ dataset }) => ({ kind: dataset.kind, start: Number(dataset.start), end: Number(dataset.end) }))`);
}

/** The boxes of every part of a long flow, from the first to the last. */
async function allBoxes(page: Page): Promise<readonly ShownBox[]> {
  const later = page.getByRole('button', { name: 'Later' });
  const boxes = [...(await shownBoxes(page))];
  while ((await later.count()) === 1 && (await later.isEnabled())) {
    await later.click();
    boxes.push(...(await shownBoxes(page)));
  }
  return boxes;
}

/** The boxes of each lane: what a run repeats, whatever the times are. */
function byLane(boxes: readonly ShownBox[]): Readonly<Record<string, unknown>> {
  return { ...Object.groupBy(boxes, ({ kind }) => kind) };
}

function toldBox(event: FlowEvent): ShownBox {
  if (event.type === 'end' || event.type === 'handshake') return { kind: event.type, start: 0, end: 0 };
  return { kind: event.type, start: event.start, end: event.type === 'fault' ? event.start : event.end };
}

async function downloaded(page: Page, button: Locator): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return readFile(await download.path(), 'utf8');
}

async function savedReport(page: Page): Promise<RunReport> {
  return JSON.parse(await downloaded(page, page.getByRole('button', { name: 'Save JSON' }))) as RunReport;
}

async function ran(page: Page): Promise<void> {
  await page.getByText(/^Done in/).waitFor();
}

describe('a lesson', () => {
  test('draws what the JSON of the run says, in both shapes', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=two-sends-merge&seed=1`);
    const { page, complaints } = opened;
    await ran(page);
    const { flows } = await savedReport(page);
    const told = flows[0]!.events.map(toldBox);
    expect(told.filter(({ kind }) => kind === 'read')).toEqual([
      { kind: 'read', start: 0, end: 9 },
      { kind: 'read', start: 9, end: 9 },
    ]);
    await expect(shownBoxes(page)).resolves.toEqual(told);
    await page.getByRole('button', { name: 'Bytes to the right' }).click();
    // An end has no bytes of its own: it stands behind the last.
    const inLanes = (await shownBoxes(page)).filter(({ kind }) => kind !== 'end');
    expect(inLanes).toEqual(told.filter(({ kind }) => kind !== 'end'));
    expect(complaints).toEqual([]);
  });

  test('draws each flow of a run as its JSON says', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=frames-survive&seed=1`);
    const { page } = opened;
    await ran(page);
    const { flows } = await savedReport(page);
    for (const flow of [flows[0]!, flows[3]!, flows.at(-1)!] satisfies RecordedFlow[]) {
      await page.getByLabel('Flow').selectOption(String(flow.id));
      await page.locator(`[data-flow="${flow.id}"]`).waitFor();
      await expect(allBoxes(page)).resolves.toEqual(flow.events.map(toldBox));
    }
  });

  test('shows at a glance at which of the 18 cuts a receiver breaks, and draws the one that is chosen', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=naive-fix-breaks&run=1`);
    const { page, complaints } = opened;
    await ran(page);
    const cells = page.locator('.fate-cells').first().getByRole('button');
    const fates = await cells.evaluateAll((all) => all.map(({ dataset }) => dataset['fate']));
    // The cut between the header and the payload, and the frame in one piece.
    expect(fates.map((fate, at) => (fate === 'whole' ? at + 1 : 0)).filter((at) => at > 0)).toEqual([4, 19]);
    await expect(page.locator('.fate-cells').nth(1).locator('[data-fate=broken]').count()).resolves.toBe(0);
    await page.getByRole('button', { name: 'naive, cut at 7: broken' }).click();
    await page.locator('.picture figcaption', { hasText: 'naive, cut at 7' }).waitFor();
    await page.locator('.program', { hasText: 's.sendall(frame[:7])' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('has the flows of a lesson that differ by a number in one row of the strip', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=frames-survive&run=1`);
    const { page } = opened;
    await ran(page);
    const rows = await page.locator('.fate-cells').evaluateAll((all) => all.map((row) => row.childElementCount));
    expect(rows.length).toBeLessThanOrEqual(4);
    const { flows } = await savedReport(page);
    expect(rows.reduce((sum, cells) => sum + cells)).toBe(flows.length);
  });

  test('is run again by its address, with the same lanes', async () => {
    await using first = await openPage(browser, `${lab.url}/?experiment=short-read-splits`);
    await first.page.getByRole('button', { name: 'Just show me' }).click();
    await first.page.getByLabel('firstReadBytes').fill('3');
    await first.page.getByRole('button', { name: 'Run' }).click();
    await ran(first.page);
    const address = new URL(first.page.url());
    expect(Object.fromEntries(address.searchParams)).toMatchObject({ experiment: 'short-read-splits', firstReadBytes: '3' });
    await using second = await openPage(browser, String(address));
    await ran(second.page);
    expect(byLane(await shownBoxes(second.page))).toEqual(byLane(await shownBoxes(first.page)));
    await expect(savedReport(second.page)).resolves.toMatchObject({ params: { firstReadBytes: 3 } });
  });

  test('is run and read with the keyboard alone', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=two-sends-merge`);
    const { page } = opened;
    await page.getByRole('heading', { level: 2 }).waitFor();
    await tabTo(page, 'Yes');
    await page.keyboard.press('Enter');
    await ran(page);
    await tabTo(page, 'listbox');
    const chosen = page.locator('[role=option][aria-selected=true]');
    await page.keyboard.press('ArrowDown');
    await expect(chosen.getAttribute('aria-label')).resolves.toMatch(/^write, .*bytes 0–4, 5 bytes, message 1, whole$/);
    await page.keyboard.press('End');
    await expect(chosen.getAttribute('aria-label')).resolves.toMatch(/^read: end of the stream/);
    await page.keyboard.press('Home');
    // Between both writes stands the segment of the first, where the machine lets it be captured.
    const isWriteOfAlex = async (): Promise<boolean> => /^write, .*bytes 5–8,/.test((await chosen.getAttribute('aria-label')) ?? '');
    for (let presses = 0; presses < 2 && !(await isWriteOfAlex()); presses++) await page.keyboard.press('ArrowDown');
    await page.getByRole('group', { name: 'Bytes of what is chosen' }).getByText('61 6c 65 78').waitFor();
  });

  test('says beside its field why a parameter is refused, and keeps the address', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=two-sends-merge`);
    const { page } = opened;
    await page.getByRole('button', { name: 'Just show me' }).click();
    const field = page.locator('.field', { has: page.getByLabel('readBytes') });
    const refusals: readonly (readonly [string, RegExp])[] = [
      ['0', /readBytes is 0; allowed: whole numbers from 1 to 65536/],
      ['65537', /readBytes is 65537; allowed: whole numbers from 1 to 65536/],
      ['many', /"many" is not a whole number/],
      ['', /"" is not a whole number/],
    ];
    for (const [typed, reason] of refusals) {
      await page.getByLabel('readBytes').fill(typed);
      await page.getByRole('button', { name: 'Run' }).click();
      await field.getByRole('alert').filter({ hasText: reason }).waitFor();
      await expect(page.getByLabel('readBytes').getAttribute('aria-invalid')).resolves.toBe('true');
    }
    expect(new URL(page.url()).search).toBe('?experiment=two-sends-merge');
    await page.getByLabel('readBytes').fill('4');
    await page.getByRole('button', { name: 'Run' }).click();
    await ran(page);
    await expect(field.getByRole('alert').count()).resolves.toBe(0);
  });

  test('says which parameter of an address there is not', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=two-sends-merge&colour=3`);
    await opened.page.getByRole('alert').filter({ hasText: 'two-sends-merge has no parameter "colour"' }).waitFor();
  });

  test('shows the run of the start until it is run, and the run after that', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=two-sends-merge`);
    const { page } = opened;
    await page.getByRole('button', { name: 'Just show me' }).click();
    await page.getByText('Run when the service started').waitFor();
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('This run', { exact: false }).first().waitFor();
    await page.getByRole('link', { name: /UDP keeps boundaries/ }).click();
    await page.getByRole('heading', { level: 2, name: /UDP keeps boundaries/ }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 2, name: /Two sends, one read/ }).waitFor();
    await ran(page);
  });

  test('is predicted before the answer is seen, and keeps what was predicted', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=two-sends-merge`);
    const { page, complaints } = opened;
    const current = page.getByRole('navigation', { name: 'Lessons' }).locator('a[aria-current]');
    await page.getByRole('button', { name: 'No', exact: true }).waitFor();
    await expect(page.locator('.verdict, .why, .picture, .rows').count()).resolves.toBe(0);
    await expect(current.getByText('predicted').count()).resolves.toBe(0);
    await page.getByRole('button', { name: 'No', exact: true }).click();
    await ran(page);
    await page.locator('.verdict', { hasText: /^Yes.*You said “No”\.$/ }).waitFor();
    await current.getByText('predicted otherwise').waitFor();
    // Above the fold: the picture is what is looked at.
    await expect(page.evaluate(`document.querySelector('svg.drawn').getBoundingClientRect().top < innerHeight / 2`)).resolves.toBe(true);
    await page.reload();
    await current.getByText('predicted otherwise').waitFor();
    expect(complaints).toEqual([]);
  });

  test('has challenges that a run is judged by, and says that another answer is as it must be', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=two-sends-merge&readBytes=7`);
    const { page } = opened;
    await ran(page);
    await page.locator('.verdict', { hasText: /^No.*as it must be with these parameters$/ }).waitFor();
    await page.locator('.why', { hasText: /^The read asked for fewer bytes than were waiting/ }).waitFor();
    const challenges = page.locator('.challenges li');
    await expect(challenges.evaluateAll((all) => all.map(({ dataset }) => dataset['met']))).resolves.toEqual(['true', 'false']);
    await page.getByLabel('readBytes').fill('5');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.locator('.challenges li[data-met=true]').nth(1).waitFor();
    await page.getByRole('link', { name: /^Next: A short read/ }).click();
    await page.getByRole('button', { name: 'Yes', exact: true }).waitFor();
  });

  test('lights the line of its program that caused a box, step by step, in both languages', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=two-sends-merge&readBytes=12`);
    const { page, complaints } = opened;
    await ran(page);
    const lit = page.locator('.program [aria-current]');
    await expect(lit.allTextContents()).resolves.toEqual(['while data := conn.recv(12):']);
    const { flows } = await savedReport(page);
    // A segment lights the write that it is due to.
    const steps = flows[0]!.events.map((event) => {
      if (event.type === 'read') return 'while data := conn.recv(12):';
      if (event.type === 'end') return 's.close()';
      return 'start' in event && event.start === 0 ? "s.send(b'hello')" : "s.send(b'alex')";
    });
    expect(steps.length).toBeGreaterThanOrEqual(5);
    for (const line of steps) {
      await page.getByRole('button', { name: 'One step on' }).click();
      await lit.filter({ hasText: line }).waitFor();
      await expect(lit.count()).resolves.toBe(1);
    }
    await page.getByRole('button', { name: 'Node.js' }).click();
    await page.locator('[data-kind=write]').nth(1).hover();
    await lit.filter({ hasText: "s.write('alex');" }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('is printed as its picture, its program and its explanation', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=two-sends-merge&run=1`);
    const { page } = opened;
    await ran(page);
    await page.emulateMedia({ media: 'print' });
    for (const shown of ['svg.drawn', '.program', '.why', '.rows']) await page.locator(shown).first().waitFor({ state: 'visible' });
    await expect(page.locator('main button:visible, main input:visible, main nav:visible, header:visible').count()).resolves.toBe(0);
  });

  test('shows how much waited while nobody read, as its JSON tells', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=bytes-in-flight&run=1`);
    const { page, complaints } = opened;
    await ran(page);
    const { flows } = await savedReport(page);
    // All is written before the first read.
    await page.locator('.level', { hasText: `Bytes written, not read yet: at most ${flows[0]!.totalBytes}, in ` }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('is in Chinese from its title to the boxes of its picture', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=two-sends-merge&seed=1`, { language: 'zh', theme: 'dark' });
    const { page, complaints } = opened;
    await page.getByText(/^用时 .* 毫秒：是，与预期一致$/).waitFor();
    await page.getByRole('button', { name: '按时间看' }).waitFor();
    const read = page.locator('[data-kind=read] [role=option]').first();
    await expect(read.getAttribute('aria-label')).resolves.toMatch(/^读取，.* 毫秒，字节 0–8，共 9 字节，消息 1（完整）、消息 2（完整）$/);
    await page.getByRole('button', { name: 'English' }).click();
    await expect(read.getAttribute('aria-label')).resolves.toMatch(/bytes 0–8, 9 bytes, message 1, whole; message 2, whole$/);
    expect(complaints).toEqual([]);
  });
});

describe('the picture', () => {
  test('is saved as an SVG that stands by itself, with the same boxes and its own colours', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=two-sends-merge&seed=1`, { theme: 'dark' });
    const { page, complaints } = opened;
    await ran(page);
    const svg = await downloaded(page, page.getByRole('button', { name: 'Save SVG' }));
    expect(svg).not.toMatch(/var\(|class=|style=|light-dark/);
    const parsed = await page.evaluate<{ error: string | null; boxes: readonly ShownBox[]; fills: readonly string[] }>(`(() => {
      const file = new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml');
      return {
        error: file.querySelector('parsererror')?.textContent ?? null,
        boxes: [...file.querySelectorAll('[data-event]')].map((box) =>
          ({ kind: box.getAttribute('data-kind'), start: Number(box.getAttribute('data-start')), end: Number(box.getAttribute('data-end')) })),
        fills: [...new Set([...file.querySelectorAll('[data-event] [fill]')].map((each) => each.getAttribute('fill')))],
      };
    })()`);
    expect(parsed.error).toBeNull();
    expect(parsed.boxes).toEqual(await shownBoxes(page));
    // Two messages, two tints.
    expect(parsed.fills).toEqual(expect.arrayContaining(['rgb(28, 49, 84)', 'rgb(74, 47, 18)']));
    expect(complaints).toEqual([]);
  });

  test('shows the bytes of the box that is pointed at', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=two-sends-merge&seed=1`);
    const { page } = opened;
    await ran(page);
    await page.locator('[data-kind=write]').nth(1).hover();
    const detail = page.getByRole('group', { name: 'Bytes of what is chosen' });
    await detail.getByText('bytes 5–8, 4 bytes').first().waitFor();
    await expect(detail.locator('pre').allTextContents()).resolves.toEqual(['     5  61 6c 65 78']);
    await expect(detail.locator('code').allTextContents()).resolves.toEqual(['alex']);
  });

  test('has the same facts as a table', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=two-sends-merge&seed=1`);
    const { page } = opened;
    await ran(page);
    await page.getByText('The same as a table').click();
    const table = page.getByRole('region', { name: 'Table of the events' });
    const read = table.getByRole('row').filter({ hasText: 'read' }).first();
    await expect(read.getByRole('cell').allTextContents()).resolves.toEqual([
      expect.any(String),
      expect.any(String),
      'read',
      '0–8',
      '9',
      'message 1, whole; message 2, whole',
      'helloalex',
    ]);
  });

  test.each([1024, 1200])('begins its picture in the upper two thirds of a window of %i px', async (width) => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=two-sends-merge&run=1`, { width, height: 900 });
    const picture = await opened.page.locator('.picture svg').first().boundingBox();
    expect(picture?.y).toBeLessThan(600);
    // Beside the lesson where there is room, above it otherwise.
    const list = await opened.page.locator('.lesson-list').boundingBox();
    if (width >= 1200) expect(list!.x + list!.width).toBeLessThan(picture!.x);
  });

  test('fits a phone: nothing but itself is wider than the screen', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=naive-fix-breaks&seed=1`, { width: 360, height: 740 });
    const { page } = opened;
    await ran(page);
    await expect(page.evaluate('document.documentElement.scrollWidth')).resolves.toBe(360);
  });
});

describe('a run of more than 10,000 events', () => {
  test('is drawn, paged and read without a task of the page over 200 ms', async () => {
    await using opened = await openPage(browser, `${lab.url}/?experiment=udp-loses-silently`);
    const { page } = opened;
    await page.getByRole('button', { name: 'Just show me' }).click();
    await page.getByRole('textbox', { name: 'datagrams' }).fill('10000');
    const tasks = await tracedTasks(page, async () => {
      await page.getByRole('button', { name: 'Run' }).click();
      await ran(page);
      const picture = page.locator('.picture').last();
      await picture.getByText('of 20000 events').waitFor();
      await picture.getByText('The same as a table').click();
      await picture.locator('svg.drawn').focus();
      for (const key of ['End', 'ArrowUp', 'PageUp', 'Home', 'PageDown', 'ArrowDown']) await page.keyboard.press(key);
      await picture.getByRole('button', { name: 'Bytes to the right' }).click();
      await picture.getByRole('button', { name: 'Time downward' }).click();
      await picture.getByRole('row').filter({ hasText: 'read' }).first().waitFor();
    });
    expect(tasks.length).toBeGreaterThan(20);
    expect(Math.max(...tasks)).toBeLessThan(200);
  });
});

/** What {@link tracedTasks} reads of a trace. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Time on the processor, in microseconds. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/**
 * How long each task of the page's main thread took, in milliseconds, by the browser's own trace: its time on the
 * processor, without what other programs of the machine took from it.
 */
async function tracedTasks(page: Page, act: () => Promise<void>): Promise<readonly number[]> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await act();
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { readonly traceEvents: readonly TraceEvent[] };
  const threads = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const ids = new Set(threads.map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = traceEvents.filter(({ name, pid, tid }) => name.endsWith('RunTask') && ids.has(`${pid} ${tid}`));
  return tasks.flatMap(({ tdur }) => (tdur === undefined ? [] : [tdur / 1000]));
}

/** Goes on with Tab until what has the focus is called, or is, what is wanted. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let presses = 0; presses < 100; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate<readonly (string | null)[]>(
      `[document.activeElement?.textContent, document.activeElement?.getAttribute('role')]`,
    );
    if (focused.includes(wanted)) return;
  }
  throw new Error(`Tab does not come to ${wanted}`);
}
