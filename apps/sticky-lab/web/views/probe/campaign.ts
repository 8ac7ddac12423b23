import { signal } from '@preact/signals';
import { ask, AskError } from '../../shell/ask.ts';
import { follow } from '../../shell/events/follow.ts';
import type { JobState } from '../../../src/http/jobs/job.ts';
import type { ProbeEvent, ProbeReport } from '../../../src/pages/probe/contract.ts';

/** Cells of one row of the strip. */
export const ROW_CELLS = 64;

/** The known state of a campaign. */
export interface ShownCampaign {
  readonly job: string;
  readonly state: JobState | 'lost';
  /** Why it failed. */
  readonly error: string | undefined;
  readonly planned: Extract<ProbeEvent, { readonly type: 'planned' }> | undefined;
  readonly told: Extract<ProbeEvent, { readonly type: 'told' }> | undefined;
  /** The cells of all cuts, by row; an unchanged row is the same string. */
  readonly rows: readonly string[];
  readonly report: ProbeReport | undefined;
}

/** The campaign that is shown; it is followed while other views are shown, too. */
export const campaign = signal<ShownCampaign | undefined>(undefined);

/** What of it is opened. */
export type Opened = { readonly kind: 'cut'; readonly cut: number } | { readonly kind: 'case'; readonly index: number };
export const opened = signal<Opened | undefined>(undefined);

let stopFollowing: () => void = () => undefined;

/** Shows a campaign and follows it to its end. */
export function watch(job: string): void {
  stopFollowing();
  opened.value = undefined;
  const about = { error: undefined, planned: undefined, told: undefined, report: undefined };
  campaign.value = { job, state: 'running', rows: [], ...about };
  stopFollowing = follow<ProbeEvent>(job, {
    events: (events) => change(job, (before) => events.reduce(applied, before)),
    end: ({ job: { state, error } }) => {
      change(job, (before) => ({ ...before, state, error: error ?? undefined }));
      if (state === 'done') void fetchReport(job);
    },
    lost: () => change(job, (before) => ({ ...before, state: 'lost' })),
  });
}

/** Shows none. */
export function unwatch(): void {
  stopFollowing();
  campaign.value = undefined;
  opened.value = undefined;
}

async function fetchReport(job: string): Promise<void> {
  try {
    const { result } = await ask('GET /api/jobs/:id', { path: { id: job } });
    const report = result as ProbeReport;
    change(job, (before) => ({ ...before, report, rows: rowsOf(report.sends.map(({ cells }) => cells).join('-')) }));
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    change(job, (before) => ({ ...before, error: error.message }));
  }
}

function change(job: string, how: (before: ShownCampaign) => ShownCampaign): void {
  // A late answer about a campaign that is no longer shown.
  if (campaign.value?.job === job) campaign.value = how(campaign.value);
}

function applied(before: ShownCampaign, event: ProbeEvent): ShownCampaign {
  if (event.type === 'planned') return { ...before, planned: event, rows: rowsOf('-'.repeat(event.bytes - 1)) };
  return { ...before, told: event, rows: marked(before.rows, event.cells) };
}

function rowsOf(cells: string): readonly string[] {
  return cells.match(new RegExp(`.{1,${ROW_CELLS}}`, 'g')) ?? [];
}

function marked(rows: readonly string[], cells: readonly (readonly [cut: number, cell: string])[]): readonly string[] {
  const changed = new Map<number, string[]>();
  for (const [cut, cell] of cells) {
    const row = Math.floor((cut - 1) / ROW_CELLS);
    const letters = changed.get(row) ?? (rows[row] ?? '').split('');
    letters[(cut - 1) % ROW_CELLS] = cell;
    changed.set(row, letters);
  }
  return rows.map((row, index) => changed.get(index)?.join('') ?? row);
}
