import { signal } from '@preact/signals';
import type { LabDescription } from '../../../src/pages/lessons/contract.ts';
import type { LabReport } from '@socklab/lab';
import { ask, AskError } from '../../shell/ask.ts';

/** What there is to run, and what came of it when the service started. */
export interface LabData {
  readonly lab: LabDescription;
  readonly atStart: LabReport;
}

/** Kept while the page is open: going to another view and back asks for nothing. */
export const labData = signal<LabData | AskError | null>(null);

/** Asks for it, unless it is there. */
export async function loadLab(): Promise<void> {
  if (labData.value !== null && !(labData.value instanceof AskError)) return;
  try {
    const [lab, atStart] = await Promise.all([ask('GET /api/lab', {}), ask('GET /api/experiments', {})]);
    labData.value = { lab, atStart };
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    labData.value = error;
  }
}
