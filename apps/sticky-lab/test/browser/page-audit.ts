import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe-core finds wrong with what the page shows, a line each. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}: ${failureSummary}`),
  );
}

// What Tab stops at: it is shown, not disabled, and not taken out of the order. Of radio buttons of one name, one is.
const FIND_STOPS = `(() => {
  const found = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')];
  window.stops = found.filter((each) => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({ visibilityProperty: true }));
  return window.stops.map((each) => each.outerHTML.slice(0, 160));
})()`;

/** Presses Tab through the page, and returns what it never came to, a line each. */
export async function unreachable(page: Page): Promise<readonly string[]> {
  await page.evaluate('document.activeElement?.blur()');
  const stops = await page.evaluate<readonly string[]>(FIND_STOPS);
  const seen = new Set<number>();
  // Some presses more than there are stops: a box that scrolls is a stop as well.
  for (let presses = 0; presses < stops.length * 2 + 10 && seen.size < stops.length; presses++) {
    await page.keyboard.press('Tab');
    seen.add(await page.evaluate<number>('window.stops.indexOf(document.activeElement)'));
    seen.delete(-1);
  }
  return stops.filter((_, index) => !seen.has(index));
}
