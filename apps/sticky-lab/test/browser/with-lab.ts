import { afterAll, beforeAll } from 'vitest';
import { startBrowser } from './browser.ts';
import { startLab } from './lab-process.ts';
import type { LabProcess } from './lab-process.ts';
import type { Browser } from 'playwright-core';

/** What the tests of a file share. */
export interface LabInBrowser {
  readonly browser: Browser;
  readonly lab: LabProcess;
}

/** Starts a browser and a lab before the tests of a file, hands them out, and ends both after the tests. */
export function withLab(take: (started: LabInBrowser) => void): void {
  let started: LabInBrowser | undefined;
  beforeAll(async () => {
    const [browser, lab] = await Promise.all([startBrowser(), startLab()]);
    started = { browser, lab };
    take(started);
  });
  afterAll(async () => {
    await started?.browser.close();
    await started?.lab[Symbol.asyncDispose]();
  });
}
