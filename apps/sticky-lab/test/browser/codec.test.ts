import { fileURLToPath } from 'node:url';
import { i32le, lengthPrefixed } from '@socklab/framing';
import { pcapng } from '@socklab/service';
import { describe, expect, test } from 'vitest';
import { openPage } from './browser.ts';
import { violations } from './page-audit.ts';
import { withLab } from './with-lab.ts';
import type { LabProcess } from './lab-process.ts';
import type { Browser, Locator, Page } from 'playwright-core';

/** DL/T 645, as a user has it. */
const METERS = fileURLToPath(import.meta.resolve('@socklab/framing/layouts/dlt645.json'));

let browser: Browser;
let lab: LabProcess;
withLab((started) => ({ browser, lab } = started));

function frames(page: Page): Locator {
  return page.getByRole('list', { name: 'Bytes, frame by frame' }).getByRole('listitem');
}

function summary(page: Page): Locator {
  return page.locator('.codec-summary');
}

/** What the page shows once it has drawn what was asked for. */
function settled<Seen>(ask: () => Promise<Seen>): ReturnType<typeof expect.poll<Seen>> {
  return expect.poll(ask, { timeout: 10_000 });
}

/** Pastes over all that stands in the field of the bytes. */
async function paste(page: Page, text: string): Promise<void> {
  await page.getByLabel('Bytes', { exact: true }).selectText();
  await page.evaluate(`(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', ${JSON.stringify(text)});
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  })()`);
}

function frame(text: string): Buffer {
  return Buffer.from(lengthPrefixed({ length: i32le }).encode(Buffer.from(text)));
}

/** Four messages of i32le in three segments: two glued, one cut; and one line back. */
function capture(): Buffer {
  const blocks: Uint8Array[] = [];
  let at = 1_700_000_000_000;
  const file = pcapng({ write: (bytes) => void blocks.push(bytes.slice()), now: () => (at += 1) });
  const connection = file.connection({ host: '192.0.2.7', port: 40_000 }, { host: '192.0.2.1', port: 80 });
  const all = Buffer.concat([frame('hello'), frame('alex'), frame('粘包'), frame('拆包')]);
  for (const [start, end] of [
    [0, 17],
    [17, 25],
    [25, 37],
  ] as const)
    connection.data('client', all.subarray(start, end));
  connection.data('server', Buffer.from('hi\n'));
  connection.end('client', 'fin');
  return Buffer.concat(blocks);
}

describe('a capture', () => {
  test('that is given shows its connections, and its messages against its segments', async () => {
    await using opened = await openPage(browser, `${lab.url}/?page=codec&framing=i32le&hex=00`);
    const { page, complaints } = opened;
    const file = { name: 'two.pcapng', mimeType: 'application/octet-stream', buffer: capture() };
    await page.getByLabel('Or a capture').setInputFiles(file);
    await page.getByText(/^two\.pcapng: \d+ packets, 1 TCP connections\.$/).waitFor();
    await settled(() => summary(page).textContent()).toBe('4 frames, all 37 bytes.');
    const picture = page.locator('.capture-picture .picture');
    const sizes = (kind: string): Promise<readonly number[]> =>
      picture
        .locator(`[data-kind="${kind}"]`)
        .evaluateAll((all) => all.map(({ dataset }) => Number(dataset['end']) - Number(dataset['start'])));
    await settled(() => sizes('segment')).toEqual([17, 8, 12]);
    expect(await sizes('message')).toEqual([9, 8, 10, 10]);
    // Glued in the first segment; cut between the second and the third.
    await expect(picture.locator('[data-kind="segment"]').first().locator('.seam').count()).resolves.toBe(1);
    await expect(picture.locator('[data-kind="segment"] .tear').count()).resolves.toBe(2);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'server → client' }).click();
    await page.getByLabel('Framing', { exact: true }).selectOption('line');
    await settled(() => sizes('segment')).toEqual([3]);
    await settled(() => sizes('message')).toEqual([3]);
    // Other bytes are of no capture.
    await page.getByLabel('Bytes', { exact: true }).fill('68 0a');
    await picture.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  test('is taken where it is dropped, and what is none is refused with a reason', async () => {
    await using opened = await openPage(browser, `${lab.url}/?page=codec&framing=i32le&hex=00`);
    const { page, complaints } = opened;
    const drop = (name: string, bytes: Buffer): Promise<unknown> =>
      page.evaluate(`(() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([Uint8Array.from(${JSON.stringify([...bytes])})], ${JSON.stringify(name)}));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      })()`);
    await page.locator('.capture').waitFor();
    await drop('notes.txt', Buffer.from('this is a text, and no capture'));
    await page.getByText(/notes\.txt: a capture is pcap or pcapng, received a file that begins with 74 68 69 73/).waitFor();
    await drop('two.pcapng', capture());
    await settled(() => summary(page).textContent()).toBe('4 frames, all 37 bytes.');
    expect(complaints).toEqual([]);
  });
});

describe('decoding', () => {
  test('draws each frame as a box, and names its parts', async () => {
    await using opened = await openPage(browser, `${lab.url}/?page=codec&framing=i32le&hex=0500000068656c6c6f06000000e7b298e58c85`);
    const { page, complaints } = opened;
    await settled(() => summary(page).textContent()).toBe('2 frames, all 19 bytes.');
    const [first] = await frames(page).all();
    await settled(() => first!.textContent()).toMatch(/frame 0 bytes 0–8.*length = 5.*05.*00.*00.*00.*payload.*68.*65.*6c.*6c.*6f/);
    await page.getByRole('cell', { name: '粘包' }).waitFor();
    await page.getByRole('cell', { name: 'e7 b2 98 e5 8c 85' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('takes what is pasted for what it is, says so, and gives it back as it was', async () => {
    await using opened = await openPage(browser, `${lab.url}/?page=codec&framing=netstring&hex=31`);
    const { page, complaints } = opened;
    const field = page.getByLabel('Bytes', { exact: true });
    await paste(page, String.raw`b'5:hello,'`);
    await page.getByText('Taken for bytes in Python: 8 bytes.').waitFor();
    await expect(field.inputValue()).resolves.toBe('35 3a 68 65 6c 6c 6f 2c');
    await settled(() => summary(page).textContent()).toBe('1 frame, all 8 bytes.');
    await page.getByRole('button', { name: 'As it was pasted' }).click();
    await settled(() => field.inputValue()).toBe(String.raw`b'5:hello,'`);
    const packet = `45000030${'00'.repeat(5)}06${'00'.repeat(10)}${'00'.repeat(12)}50180000${'00'.repeat(4)}353a68656c6c6f2c`;
    await paste(page, `\t0x0000:  ${packet.replaceAll(/(.{4})(?=.)/g, '$1 ')}  E..`);
    await page.getByRole('button', { name: 'Skip 40 bytes of headers' }).click();
    await settled(() => summary(page).textContent()).toBe('1 frame, all 8 bytes.');
    await page.getByText('Try every framing on these bytes').click();
    await page.getByRole('row').filter({ hasText: 'netstring' }).filter({ hasText: 'checked byte' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('marks the bytes of an error, and says what is allowed', async () => {
    await using opened = await openPage(browser, `${lab.url}/?page=codec&framing=u32be&hex=0000000168160301020001`);
    const { page } = opened;
    await settled(() => summary(page).textContent()).toBe('1 frame, then FRAME_ERR_TOO_LARGE at byte 8.');
    await page.getByText('Declared: 369295618. Allowed: at most 1048576 bytes.').waitFor();
    await settled(() => page.locator('.codec-marked').allTextContents()).toEqual([
      expect.stringContaining('16'),
      expect.stringContaining('03'),
      expect.stringContaining('01'),
      expect.stringContaining('02'),
    ]);
    await settled(() => frames(page).last().textContent()).toContain('not read');
  });

  test('says how many bytes a cut message still needs', async () => {
    await using opened = await openPage(browser, `${lab.url}/?page=codec&framing=mqtt&hex=3006000161`);
    const { page } = opened;
    await settled(() => summary(page).textContent()).toBe('0 frames; 5 bytes of the next, which needs at least 3 more.');
    await settled(() => frames(page).first().textContent()).toMatch(/incomplete frame.*typeAndFlags = 48 PUBLISH, flags 0000.*length = 6/);
  });

  test('reads what is pasted: a dump, then text, in the address as well', async () => {
    await using opened = await openPage(browser, `${lab.url}/?page=codec&framing=line`);
    const { page } = opened;
    const box = page.getByRole('textbox', { name: 'Bytes', exact: true });
    await box.fill('00000000: 6869 0a                                  hi.\n');
    await summary(page).and(page.getByText('1 frame, all 3 bytes.')).waitFor();
    await page.waitForURL(/hex=68690a/);
    await page.getByRole('group', { name: 'The bytes are typed as' }).getByRole('button', { name: 'Text' }).click();
    await settled(() => box.inputValue()).toBe(String.raw`hi\n`);
    await box.fill(String.raw`粘\n包\n`);
    await summary(page).and(page.getByText('2 frames, all 8 bytes.')).waitFor();
    await page.waitForURL(/text=/);
    await page.reload();
    await settled(() => box.inputValue()).toBe(String.raw`粘\n包\n`);
    await settled(() => summary(page).textContent()).toBe('2 frames, all 8 bytes.');
  });

  test('reads by a layout file, and names its parts', async () => {
    await using opened = await openPage(browser, `${lab.url}/?page=codec&framing=u8&hex=fe68123456789000681104333334335616`);
    const { page, complaints } = opened;
    await page.getByRole('combobox', { name: 'Framing' }).selectOption('a layout…');
    await page.getByLabel('Layout file').setInputFiles(METERS);
    await settled(() => summary(page).textContent()).toBe('1 frame, all 17 bytes.');
    await page.getByText('DL/T 645-2007 electricity meters, whole frames').waitFor();
    await settled(() => frames(page).first().textContent()).toMatch(/address.*control = 17.*length = 4.*payload.*sum/);
    await page.waitForURL(/dlt645/);
    expect(await violations(page)).toEqual([]);
    await page.reload();
    await settled(() => summary(page).textContent()).toBe('1 frame, all 17 bytes.');
    await page.getByLabel('Layout', { exact: true }).fill('{"kind":"frame","header":[{"name":"length","field":"u33"}]}');
    await page.getByText('layout.header[0].field is "u33", allowed:').waitFor();
    expect(complaints).toEqual([]);
  });

  test('says beside the field what cannot be read', async () => {
    await using opened = await openPage(browser, `${lab.url}/?page=codec&framing=nothing&hex=zz&max=many`);
    const { page } = opened;
    await page.getByText('unknown framing "nothing"; allowed: raw, line,').waitFor();
    await page.getByText('line 1, column 1: "z" is not a hex digit').waitFor();
    await page.getByRole('combobox', { name: 'Framing' }).selectOption('u8');
    await page.getByText('"many" is not a whole number from 0 to 16777216').waitFor();
    await page.getByRole('textbox', { name: 'Longest payload' }).fill('1');
    await page.getByRole('textbox', { name: 'Bytes', exact: true }).fill('02 68 69');
    await page.getByText('payload of 2 bytes, limit 1').waitFor();
  });

  test('shows 64 KiB of frames a page at a time, and keeps the address short', async () => {
    await using opened = await openPage(browser, `${lab.url}/?page=codec&framing=u8`);
    const { page } = opened;
    const box = page.getByRole('textbox', { name: 'Bytes', exact: true });
    await box.fill('00'.repeat(65_536));
    await summary(page).and(page.getByText('65536 frames, all 65536 bytes.')).waitFor();
    await settled(() => frames(page).count()).toBe(40);
    await page.getByRole('button', { name: 'Later frames' }).click();
    await settled(() => frames(page).first().textContent()).toContain('frame 40');
    await page.getByText('The bytes are too long for a link').waitFor();
    expect(page.url().length).toBeLessThan(8192);
    await box.fill('00'.repeat(65_537));
    await page.getByText('65537 bytes; at most 65536 are taken').waitFor();
  });

  test('tries every framing, and goes to the one that is chosen', async () => {
    await using opened = await openPage(browser, `${lab.url}/?page=codec&framing=line&hex=00026869 0003666f6f`);
    const { page } = opened;
    await page.getByText('Try every framing on these bytes').click();
    const best = page.getByRole('table', { name: 'Framings, best explanation first' }).getByRole('row').nth(1);
    await settled(() => best.textContent()).toMatch(/^u16be.*9 of 9.*nothing is left/);
    await best.getByRole('button').click();
    await page.waitForURL(/framing=u16be/);
    await settled(() => summary(page).textContent()).toBe('2 frames, all 9 bytes.');
  });

  test.each(['en', 'zh'] as const)('has examples that decode, in %s', async (language) => {
    await using opened = await openPage(browser, `${lab.url}/?page=codec`, { language });
    const { page, complaints } = opened;
    for (const button of await page.locator('.codec-examples button').all()) {
      await button.click();
      await settled(() => page.locator('.codec-strip li').count()).toBeGreaterThan(0);
    }
    expect(complaints).toEqual([]);
  });
});

describe('encoding', () => {
  test('gives back the bytes whose payloads it takes', async () => {
    await using opened = await openPage(browser, `${lab.url}/?page=codec&framing=netstring&text=${encodeURIComponent('2:hi,0:,')}`);
    const { page } = opened;
    await page.getByRole('button', { name: 'Take the payloads from above' }).click();
    const wire = page.getByRole('textbox', { name: 'Bytes on the wire' });
    await settled(() => wire.inputValue()).toBe('32 3a 68 69 2c 30 3a 2c');
    await page.waitForURL(/payloads=hi/);
    await page.reload();
    await settled(() => wire.inputValue()).toBe('32 3a 68 69 2c 30 3a 2c');
  });

  test('puts its bytes above to be decoded, and on the clipboard', async () => {
    await using opened = await openPage(browser, `${lab.url}/?page=codec&framing=u16be`);
    const { page, context } = opened;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('textbox', { name: 'Payloads, one a line' }).fill('粘\n包');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied.').waitFor();
    await settled(() => page.evaluate('navigator.clipboard.readText()')).toBe('00 03 e7 b2 98 00 03 e5 8c 85');
    await page.getByRole('button', { name: 'Decode these bytes' }).click();
    await settled(() => summary(page).textContent()).toBe('2 frames, all 10 bytes.');
  });

  test('says which payload a framing cannot carry', async () => {
    await using opened = await openPage(browser, `${lab.url}/?page=codec&framing=line&payloads=${encodeURIComponent(String.raw`a\nb`)}`);
    await opened.page.getByText(/^payload 1: .*FRAME_ERR_PAYLOAD/).waitFor();
  });
});
