import { describe, expect, test } from 'vitest';
import { openPage } from './browser.ts';
import { withLab } from './with-lab.ts';
import type { LabProcess } from './lab-process.ts';
import type { Browser, Page } from 'playwright-core';

let browser: Browser;
let lab: LabProcess;
withLab((started) => ({ browser, lab } = started));

/** A list to choose from and a field to type into, by their labels. */
interface Fields {
  readonly list: string;
  readonly choice: string;
  readonly field: string;
}

/** Chooses and types before the page could draw, as fast hands do on a slow machine. @returns what the field holds once it has drawn. */
async function typedBehindAChoice(page: Page, { list, choice, field }: Fields): Promise<string> {
  const select = await page.getByLabel(list, { exact: true }).getAttribute('id');
  const input = await page.getByLabel(field, { exact: true }).getAttribute('id');
  return page.evaluate<string>(`(async () => {
    const select = document.getElementById(${JSON.stringify(select)});
    const input = document.getElementById(${JSON.stringify(input)});
    select.value = ${JSON.stringify(choice)};
    select.dispatchEvent(new Event('change', { bubbles: true }));
    input.value = 'typed';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    for (let frames = 0; frames < 10; frames++) await new Promise(requestAnimationFrame);
    return input.value;
  })()`);
}

describe('what is typed right behind a choice stays', () => {
  test.each([
    ['probe', { list: 'Written as', choice: 'text', field: 'Request' }],
    ['chat', { list: 'Framing', choice: 'u32be', field: 'Address' }],
  ])('on the page %s', async (name, fields) => {
    await using opened = await openPage(browser, `${lab.url}/?page=${name}`);
    await opened.page.getByLabel(fields.field, { exact: true }).waitFor();
    await expect(typedBehindAChoice(opened.page, fields)).resolves.toBe('typed');
    expect(opened.complaints).toEqual([]);
  });
});
