import sharp from 'sharp';
import type { Locator, Page } from 'playwright-core';

/** A moving picture of a page: screenshots, each shown for its time. */
export class Film {
  readonly #page: Page;
  readonly #frames: Buffer[] = [];
  readonly #delays: number[] = [];

  constructor(page: Page) {
    this.#page = page;
  }

  /** Takes a frame of what the page shows now. @param shownMs - how long it stays, in milliseconds */
  async take(shownMs: number): Promise<void> {
    this.#frames.push(await this.#page.screenshot({ animations: 'disabled', caret: 'hide' }));
    this.#delays.push(shownMs);
  }

  /** Presses a button until it is disabled, with a frame after each press. */
  async press(button: Locator, shownMs: number): Promise<void> {
    while (await button.isEnabled()) {
      await button.click();
      await this.take(shownMs);
    }
  }

  /** The frames as an animated WebP that repeats. */
  develop(): Promise<Buffer> {
    return sharp(this.#frames, { join: { animated: true } })
      .webp({ delay: this.#delays, loop: 0, quality: 90, effort: 4, mixed: true })
      .toBuffer();
  }
}

/** How long an animated picture takes, and how many frames it has. */
export async function lengthOf(picture: Buffer): Promise<{ readonly frames: number; readonly ms: number }> {
  const { delay = [] } = await sharp(picture, { animated: true }).metadata();
  return { frames: delay.length, ms: delay.reduce((sum, ms) => sum + ms, 0) };
}
