import type { Outcome } from '../types.ts';
import type { PlanTally, ProbeReport, SendSummary } from './model.ts';

const TITLES: Readonly<Record<Outcome, string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  unconfirmed: 'UNCONFIRMED',
  flaky: 'FLAKY',
  'control-failed': 'CONTROL-FAILED',
};

/** The outcome in capitals, easy to find. */
export function titleOf({ outcome }: Pick<ProbeReport, 'outcome'>): string {
  return TITLES[outcome];
}

/** The outcome in one sentence. */
export function headlineOf(report: ProbeReport): string {
  const { control, totals } = report;
  const done = totals.pass + totals.fail + totals.unconfirmed + totals.flaky;
  if (control.kind !== 'ok') return `${control.detail ?? 'the control failed'}: nothing was learnt about segmentation`;
  return `${verdictOf(report, done)}${restOf(report, done)}`;
}

/** A failure without cut or glue is no reading bug: HTTP servers, for one, may drop a client that has ended. */
function endOnly(plans: readonly PlanTally[], failing: number): string {
  const ofEnds = plans.find(({ plan }) => plan === 'half-close')?.fail ?? 0;
  return ofEnds === failing ? `, only where our side ends early (half-close): ${MAY_GIVE_UP}` : '';
}

const IN_COMPANY =
  'and only while other connections do the same: what clients share by design, as a counter, looks like this, and --concurrency 1 leaves the others out';

const IN_ORDER =
  'and only in the order of the answers: right where answers have ids, as unordered:N for the wait says, and wrong where they must come as they were asked for';

const MAY_GIVE_UP = 'that is no segmentation, and a server may give up a client that has ended';

function verdictOf({ totals, outcome, plans, cases }: ProbeReport, done: number): string {
  const went = `all ${count(done, 'trial')} went well, each piece confirmed as read before the next`;
  if (outcome === 'fail') return `${totals.fail} of ${count(done, 'trial')} fail${endOnly(plans, totals.fail)}`;
  if (outcome === 'flaky' && totals.fail > 0 && cases.every(({ verdict }) => verdict?.failure === 'other-order'))
    return `${totals.fail} of ${count(done, 'trial')} fail, ${IN_ORDER}`;
  if (outcome === 'flaky' && totals.fail > 0) return `${totals.fail} of ${count(done, 'trial')} fail, ${IN_COMPANY}`;
  if (outcome === 'flaky') return `${count(totals.flaky, 'trial')} of ${done} failed once and not again`;
  // The pass is withheld because of trials that were not done, not because of those that were.
  if (totals.unconfirmed === 0) return done === 0 ? 'no trial was done' : went;
  return `${totals.unconfirmed} of ${count(done, 'trial')} went well, but the peer may have read the pieces in one go`;
}

function restOf(report: ProbeReport, done: number): string {
  const planned = report.plans.reduce((sum, plan) => sum + plan.planned, 0);
  return done < planned ? `; ${planned - done} more of the campaign are not in this report` : '';
}

/** What the verdict does not cover, in one line; `undefined` when only the control was done. */
export function notTriedLine({ control, notTried = [] }: ProbeReport): string | undefined {
  return control.kind !== 'ok' || notTried.length === 0 ? undefined : notTried.join('; ');
}

/** Whether a plan has its own row: one of a preset without trials is listed under what was not tried. */
export function hasTrials({ planned, untried }: PlanTally): boolean {
  return planned > 0 || untried === undefined;
}

/** The exchange in short: `login (u32be): 42 bytes in 3 frames`. */
export function exchangeText({ exchange, sends }: ProbeReport): string {
  const { name, framing } = exchange;
  const title = [name, framing === undefined ? undefined : `(${framing})`].filter((part) => part !== undefined).join(' ');
  const list = sends.map(sendText).join(', then ');
  return title === '' ? list : `${title}: ${list}`;
}

function sendText({ bytes, frameCount }: SendSummary): string {
  const frames = frameCount === undefined ? '' : ` in ${count(frameCount, 'frame')}`;
  return `${count(bytes, 'byte')}${frames}`;
}

/** The shards in the report; `undefined` when it is the whole campaign. */
export function shardsText({ shards }: ProbeReport): string | undefined {
  if (shards.indexes.length === shards.of) return shards.of === 1 ? undefined : `all ${shards.of}`;
  return `${shards.indexes.join(', ')} of ${shards.of}, counted from 0: the others are not in this report`;
}

/** A note on answers that came too early; `undefined` without any. */
export function earlyText({ earlyAnswers = 0 }: ProbeReport): string | undefined {
  if (earlyAnswers === 0) return undefined;
  return `${count(earlyAnswers, 'trial')} had the whole answer before the last piece was sent: the server does not wait for the end of the request, as one may that refuses it by its head`;
}

/** How often the target had to be restarted; `undefined` when it did not. */
export function restartsText({ restarts = 0 }: ProbeReport): string | undefined {
  return restarts === 0 ? undefined : `the target died and was started again, ${count(restarts, 'time')} in all`;
}

export function count(many: number, noun: string): string {
  return `${many} ${noun}${many === 1 ? '' : 's'}`;
}
