import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessContext } from '../process-context.ts';

/** Where the verdicts of a campaign are kept. */
export interface Journal {
  readonly path: string;
  /** Deletes it, unless the user named it. */
  readonly discard: () => Promise<void>;
}

/** The journal that `--resume` names, or one in a folder of its own. */
export async function journalOf(resume: string | undefined): Promise<Journal> {
  if (resume !== undefined) return { path: resume, discard: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'sticky-lab-'));
  return { path: join(folder, 'journal.jsonl'), discard: () => rm(folder, { recursive: true, force: true }) };
}

/** Says how far a campaign came that was interrupted, and how it goes on. */
export function tellInterrupted(
  { streams }: ProcessContext,
  { done, total, journal }: { readonly done: number; readonly total: number; readonly journal: Journal },
): void {
  streams.stderr.write(
    `interrupted after ${done} of ${total} trials: the rest is not in this report\n` +
      `to go on, give the same command with --resume ${journal.path}\n`,
  );
}
