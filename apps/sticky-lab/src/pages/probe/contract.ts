import { strictObject, string } from 'valibot';
import { defineRoutes, file, json } from '../../http/route.ts';
import { CampaignSchema } from './campaign-schema.ts';
import type { JobStarted } from '../../http/jobs/contract.ts';
import type { PracticeOffer } from './practice/offer.ts';
import type { Text } from '@socklab/lab';
import type { CaseReport, FrameSpan, PlannedCount, ProbeProgress, VerdictKind } from '@socklab/probe';

export type { CampaignRequest } from './campaign-schema.ts';
export type { PracticeOffer } from './practice/offer.ts';

export type { CaseReport, Excerpt, ProbeReport, VerdictKind } from '@socklab/probe';

const PracticeSchema = strictObject({ name: string() });

/** The probe. A campaign is a job of kind `probe`; its events are `ProbeEvent`, its result is a `ProbeReport`. */
export const PROBE_ROUTES = defineRoutes({
  'GET /api/probe': { summary: 'plans, framings, masks, servers to practise on', answer: json<ProbeOffer>('what the probe offers') },
  'POST /api/probe/campaigns': {
    summary: 'starts a campaign',
    body: CampaignSchema,
    status: 202,
    answer: json<JobStarted>('a job of kind probe, whose result is a report of the probe'),
  },
  'POST /api/probe/campaigns/:id/resume': {
    summary: 'goes on with a campaign that was stopped, failed or ran out of time: no trial is done twice',
    status: 202,
    answer: json<JobStarted>('the job'),
  },
  'GET /api/probe/campaigns/:id/cuts/:cut': {
    summary: 'what is known of one cut, also while the campaign runs',
    answer: json<CutStory>('the cut'),
  },
  'GET /api/probe/campaigns/:id/report': {
    summary: 'the report of a campaign',
    query: { as: 'json (when absent), html, junit or text' },
    answer: file('a file', 'application/json', 'text/html', 'application/xml', 'text/plain'),
  },
  'POST /api/probe/practice': {
    summary: 'starts a server to try the probe on',
    body: PracticeSchema,
    status: 201,
    answer: json<PracticeStarted>('where it listens'),
  },
});

/** The formats of a campaign's report: `GET /api/probe/campaigns/:id/report?as=html`. */
export type ReportForm = 'json' | 'html' | 'junit' | 'text';

/** The options of the form. */
export interface ProbeOffer {
  readonly plans: readonly PlanOffer[];
  readonly framings: readonly string[];
  readonly masks: readonly { readonly name: string; readonly summary: Text }[];
  readonly practice: readonly PracticeOffer[];
  readonly maxRequestBytes: number;
  readonly maxTrials: number;
}

export interface PlanOffer {
  readonly name: string;
  readonly usage: string;
  readonly summary: Text;
  readonly needsFrames: boolean;
}

export interface PracticeStarted {
  readonly target: string;
}

/** A cut, counted in bytes from 1, and its cell: see `CELLS` of the engine. */
export type ToldCell = readonly [cut: number, cell: string];

/** An event of a campaign. */
export type ProbeEvent =
  | {
      readonly type: 'planned';
      readonly target: string;
      readonly bytes: number;
      /** Where frames begin and end. */
      readonly frames: readonly FrameSpan[];
      /** The number of trials of each plan, unless the control shows that some are impossible. */
      readonly plans: readonly PlannedCount[];
    }
  | {
      readonly type: 'told';
      readonly phase: ProbeProgress['phase'];
      readonly done: number;
      readonly total: number;
      readonly leftMs: number | null;
      /** So far, of all trials. */
      readonly plans: readonly LivePlan[];
      /** Those that changed since the event before. */
      readonly cells: readonly ToldCell[];
    };

/** The verdicts on the trials of one plan so far. */
export type LivePlan = { readonly plan: string } & Readonly<Record<VerdictKind, number>>;

/** Everything known about one cut. */
export interface CutStory {
  readonly cut: number;
  readonly cell: string;
  /** The failure, in the engine's words; `null` without one. */
  readonly detail: string | null;
  /** The place of the cut, in the engine's words. */
  readonly where: readonly string[];
  /** The bytes around it, with the cut marked. */
  readonly dump: string;
  /** The command that repeats this trial. */
  readonly replay: string | null;
  /** Expected and received, and the smallest failing cut: from the report, once it contains this cut. */
  readonly case: CaseReport | null;
}
