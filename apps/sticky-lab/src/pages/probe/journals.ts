import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files for the verdicts of campaigns, in a folder of this process that is removed with it. */
export class Journals {
  #folder: string | undefined;

  /** The path of a new journal. */
  create(): string {
    // Only its owner can access it, so no other user can have created files there.
    this.#folder ??= mkdtempSync(join(tmpdir(), 'sticky-lab-probe-'));
    return join(this.#folder, `${randomUUID()}.jsonl`);
  }

  async remove(journal: string): Promise<void> {
    await rm(journal, { force: true });
  }

  /** Removes all of them. */
  async close(): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}
