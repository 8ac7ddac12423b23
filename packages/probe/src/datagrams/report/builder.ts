import { commandOf } from '../../diagnosis/explain.ts';
import { optional } from '../../optional.ts';
import { excerptOf } from '../../report/model.ts';
import { sendsOf } from '../base/exchange.ts';
import { DATAGRAM_VERDICTS } from '../base/types.ts';
import { factorOf } from '../trial/judge.ts';
import { DATAGRAM_REPORT_VERSION, FAILURE_MEANINGS, MAX_DATAGRAM_CASES } from './model.ts';
import type { ControlSummary } from '../../report/model.ts';
import type { Outcome } from '../../types.ts';
import type { DatagramVerdict, DatagramVerdictKind } from '../base/types.ts';
import type { DatagramSettings } from '../options.ts';
import type { PlannedDatagrams } from '../plans/registry.ts';
import type { DoneTrial } from '../trial/judge.ts';
import type { DatagramAddress } from '../trial/peer.ts';
import type { AmplificationSummary, DatagramCase, DatagramReport, DatagramTally } from './model.ts';

type Counts = Record<DatagramVerdictKind, number>;

/** What a report says of its target. */
export interface ProbedServer {
  readonly text: string;
  readonly address: DatagramAddress;
  readonly restarts: number | undefined;
}

/** Collects verdicts, and makes the report of them. */
export class DatagramReportBuilder {
  readonly notes: string[] = [];
  concurrency = 1;
  readonly #settings: DatagramSettings;
  readonly #planned: readonly PlannedDatagrams[];
  readonly #target: ProbedServer;
  readonly #counts: ReadonlyMap<string, Counts>;
  readonly #plans: ReadonlyMap<string, string>;
  readonly #cases: DatagramCase[] = [];
  #amplification: AmplificationSummary | undefined;
  readonly #skipped: string[] = [];
  readonly #asWhole: string[] = [];
  #omitted = 0;

  constructor(settings: DatagramSettings, planned: readonly PlannedDatagrams[], target: ProbedServer) {
    this.#settings = settings;
    this.#planned = planned;
    this.#target = target;
    this.#counts = new Map(planned.map(({ plan }) => [plan, noCounts()]));
    this.#plans = new Map(planned.flatMap(({ plan, trials }) => trials.map(({ id }) => [id, plan])));
  }

  /** Adds a trial with the verdict that stands. */
  add(done: DoneTrial): void {
    const { trial, verdict } = done;
    const counts = this.#counts.get(this.#plans.get(trial.id) ?? '');
    if (counts !== undefined) counts[verdict.kind] += 1;
    this.#settings.onVerdict?.(trial, verdict);
    if (trial.plan === 'truncate' && verdict.kind === 'same') this.#asWhole.push(trial.id);
    this.#measure(done);
    if (verdict.kind !== 'fail' && verdict.kind !== 'flaky') return;
    if (this.#cases.length < MAX_DATAGRAM_CASES) this.#cases.push(this.#caseOf(done, verdict));
    else this.#omitted += 1;
  }

  /** Says what was left out because enough had failed. */
  skip(clause: string): void {
    this.#skipped.push(clause);
  }

  totals(): Counts {
    const all = noCounts();
    for (const counts of this.#counts.values()) for (const kind of DATAGRAM_VERDICTS) all[kind] += counts[kind];
    return all;
  }

  build(control: ControlSummary, durationMs: number): DatagramReport {
    const totals = this.totals();
    const { exchange } = this.#settings;
    const { restarts } = this.#target;
    return {
      version: DATAGRAM_REPORT_VERSION,
      transport: 'udp',
      outcome: this.#outcome(control, totals),
      target: this.#target.text,
      exchange: optional('name', exchange.name),
      control,
      sends: sendsOf(exchange).map(({ send }) => excerptOf(send)),
      concurrency: this.concurrency,
      plans: this.#planned.map(({ plan, trials, untried }): DatagramTally => {
        return { plan, planned: trials.length, ...this.#counts.get(plan)!, ...optional('untried', untried) };
      }),
      totals,
      durationMs,
      ...optional('restarts', restarts),
      ...optional('amplification', this.#amplification),
      notes: [...this.notes, ...this.#truncatedNote()],
      notTried: control.kind === 'ok' ? this.#notTried() : [],
      cases: this.#cases,
      omittedCases: this.#omitted,
    };
  }

  #outcome({ kind }: ControlSummary, totals: Counts): Outcome {
    if (kind !== 'ok') return kind === 'failed' ? 'control-failed' : 'flaky';
    if (totals.fail > 0) return 'fail';
    if (totals.flaky > 0) return 'flaky';
    const planned = this.#planned.reduce((sum, { trials }) => sum + trials.length, 0);
    return doneOf(totals) < planned ? 'unconfirmed' : 'pass';
  }

  #notTried(): readonly string[] {
    const { id, exchange } = this.#settings;
    const isTold = id !== undefined || sendsOf(exchange).some(({ slots }) => slots?.some(({ name }) => name === 'trial'));
    return [
      ...this.#planned.flatMap(({ untried }) => (untried === undefined ? [] : [untried])),
      ...(isTold ? [] : ['answers to other addresses: all trials send the same, and an id (--id) or {{trial}} tells them apart']),
      ...this.#gluedClause(),
      ...this.#delayClause(),
      ...this.#skipped,
    ];
  }

  #gluedClause(): readonly string[] {
    const glued = this.#planned.filter(({ trials }) => trials[0]?.plan === 'glue');
    const sends = glued.flatMap(({ trials }) =>
      trials.flatMap(({ actions }) => actions.map((each) => (each.kind === 'send' ? each.sends.length : 0))),
    );
    return sends.length === 0
      ? ['several messages in one datagram: --coalesces where the protocol allows it']
      : [`more than ${Math.max(...sends)} messages in one datagram`];
  }

  #delayClause(): readonly string[] {
    const isLate = this.#planned.some(({ trials }) => trials.some(({ actions }) => actions.some(({ kind }) => kind === 'pause')));
    return isLate ? [`other delays than ${this.#settings.delayMs} ms (--delay)`] : ['datagrams that come late'];
  }

  #truncatedNote(): readonly string[] {
    const [first] = this.#asWhole;
    if (first === undefined) return [];
    const more = this.#asWhole.length === 1 ? '' : ` and ${this.#asWhole.length - 1} more`;
    return [
      `${first}${more} got the answer to the whole datagram: right where the answer does not depend on what is missing, else what an earlier datagram left in a buffer was read`,
    ];
  }

  #measure({ trial, amplification }: DoneTrial): void {
    const factor = factorOf(amplification, this.#target.address);
    if (amplification.datagramsOut === 0 || factor <= (this.#amplification?.factor ?? 0)) return;
    this.#amplification = { trial: trial.id, ...amplification, factor };
  }

  #caseOf({ trial, expected, received }: DoneTrial, verdict: Extract<DatagramVerdict, { readonly kind: 'fail' | 'flaky' }>): DatagramCase {
    const { replay } = this.#settings;
    const { kind, detail } = verdict;
    return {
      trial: trial.id,
      plan: trial.plan,
      what: trial.what,
      kind,
      ...(verdict.kind === 'fail' ? { failure: verdict.failure } : {}),
      detail,
      ...(verdict.kind === 'fail' ? { meaning: FAILURE_MEANINGS[verdict.failure] } : {}),
      expected,
      received,
      ...optional('replay', replay === undefined ? undefined : commandOf([...replay, '--plan', trial.id])),
    };
  }
}

function noCounts(): Counts {
  return { same: 0, twice: 0, other: 0, none: 0, fail: 0, flaky: 0 };
}

/** How many trials have a verdict. */
export function doneOf(totals: Readonly<Record<DatagramVerdictKind, number>>): number {
  return DATAGRAM_VERDICTS.reduce((sum, kind) => sum + totals[kind], 0);
}
