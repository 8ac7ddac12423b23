import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files for the verdicts of campaigns, in a folder that is this process's own and goes with it. */
export class Journals {
  #folder: string | undefined;

  /** The path of a journal that is not there yet. */
  create(): string {
    // Only its owner can look into it, and nobody can have put something there before.
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
