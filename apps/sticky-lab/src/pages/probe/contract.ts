import type { JobStarted } from '../../http/jobs/contract.ts';
import type { PracticeOffer, RequestText } from './practice/offer.ts';
import type { CaseReport, FrameSpan, PlannedCount, ProbeProgress, VerdictKind } from '@socklab/probe';

export type { PracticeOffer } from './practice/offer.ts';

export type { CaseReport, Excerpt, ProbeReport, VerdictKind } from '@socklab/probe';

/** The probe. A campaign is a job of kind `probe`; its events are `ProbeEvent`, its result is a `ProbeReport`. */
export interface ProbeRoutes {
  'GET /api/probe': { answer: ProbeOffer };
  'POST /api/probe/campaigns': { body: CampaignRequest; answer: JobStarted };
  /** Goes on with a campaign that was stopped, failed or ran out of time: no trial is done twice. */
  'POST /api/probe/campaigns/:id/resume': { answer: JobStarted };
  /** What is known of one cut, also while the campaign runs. */
  'GET /api/probe/campaigns/:id/cuts/:cut': { answer: CutStory };
  /** Starts a server to try the probe on. */
  'POST /api/probe/practice': { body: { readonly name: string }; answer: PracticeStarted };
}

/** The forms that a report of a campaign can be had in: `GET /api/probe/campaigns/:id/report?as=html`. */
export type ReportForm = 'json' | 'html' | 'junit' | 'text';

/** A campaign, as the command line takes it. */
export interface CampaignRequest {
  /** `host:port`, `tls://host:port` or `unix:/path`; loopback and private addresses only. */
  readonly target: string;
  readonly request: RequestText;
  readonly framing?: string | undefined;
  /** `bytes:N`, `frames:N`, `idle:200ms` or `close`. @defaultValue learnt from the control */
  readonly until?: string | undefined;
  /** Joined with `+`. @defaultValue 'thorough' */
  readonly plans?: string | undefined;
  /** @defaultValue 1 */
  readonly seed?: number | undefined;
  /** `drain`, `gap:5ms`, `none` or `auto`. @defaultValue 'auto' */
  readonly pace?: string | undefined;
  /** Names of masks. @defaultValue ['http-date'] */
  readonly masks?: string[] | undefined;
  /** Connections at once. @defaultValue 32 */
  readonly concurrency?: number | undefined;
  /** How long an answer may take in a trial. @defaultValue 20 times the slowest control, at least 1000 */
  readonly hangMs?: number | undefined;
  /** Silence after which an answer of unknown length is taken for whole. @defaultValue 200 */
  readonly quietMs?: number | undefined;
  /** After this time no trial begins. @defaultValue 600_000 */
  readonly maxTimeMs?: number | undefined;
}

/** What the form offers. */
export interface ProbeOffer {
  readonly plans: readonly PlanOffer[];
  readonly framings: readonly string[];
  readonly masks: readonly { readonly name: string; readonly summary: string }[];
  readonly practice: readonly PracticeOffer[];
  readonly maxRequestBytes: number;
  readonly maxTrials: number;
}

export interface PlanOffer {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly needsFrames: boolean;
}

export interface PracticeStarted {
  readonly target: string;
}

/** A cut, counted in bytes from 1, and its cell: see `CELLS` of the engine. */
export type ToldCell = readonly [cut: number, cell: string];

/** What happened in a campaign. */
export type ProbeEvent =
  | {
      readonly type: 'planned';
      readonly target: string;
      readonly bytes: number;
      /** Where frames begin and end. */
      readonly frames: readonly FrameSpan[];
      /** How many trials each plan makes, unless the control shows that some cannot be done. */
      readonly plans: readonly PlannedCount[];
    }
  | {
      readonly type: 'told';
      readonly phase: ProbeProgress['phase'];
      readonly done: number;
      readonly total: number;
      readonly leftMs: number | null;
      /** So far, of all that are done. */
      readonly plans: readonly LivePlan[];
      /** Those that changed since the event before. */
      readonly cells: readonly ToldCell[];
    };

/** The verdicts on the trials of one plan so far. */
export type LivePlan = { readonly plan: string } & Readonly<Record<VerdictKind, number>>;

/** All that is known of one cut. */
export interface CutStory {
  readonly cut: number;
  readonly cell: string;
  /** What went wrong, in the words of the engine; `null` when nothing did. */
  readonly detail: string | null;
  /** Where the cut falls, in the words of the engine. */
  readonly where: readonly string[];
  /** The bytes around it, with the cut marked. */
  readonly dump: string;
  /** The command that does this one trial again. */
  readonly replay: string | null;
  /** Expected and received, and the smallest cut that fails: from the report, once there is one that shows this cut. */
  readonly case: CaseReport | null;
}
