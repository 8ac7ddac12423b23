import { signal } from '@preact/signals';
import { ask, AskError } from '../../shell/ask.ts';
import type { LabDescription } from '../../../src/pages/lessons/contract.ts';
import type { RunReport } from '@socklab/lab';

/** The experiments. Kept while the page is open: returning to the view requests nothing. */
export const labData = signal<LabDescription | AskError | null>(null);

/** The runs made when the service started, by experiment; only those that were viewed. */
export const startRuns = signal<ReadonlyMap<string, RunReport>>(new Map());

/** Asks what there is to run, unless it is known. */
export async function loadLab(): Promise<void> {
  if (labData.value !== null && !(labData.value instanceof AskError)) return;
  try {
    labData.value = await ask('GET /api/lab', {});
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    labData.value = error;
  }
}

/** Requests the start-up run of one experiment, unless it is known. A refusal means that there is none. */
export async function loadStartRun(id: string): Promise<void> {
  if (startRuns.value.has(id)) return;
  try {
    const report = await ask('GET /api/experiments/:id', { path: { id } });
    startRuns.value = new Map(startRuns.value).set(id, report);
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
  }
}
