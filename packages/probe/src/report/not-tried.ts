import { UNFRAMED } from '../plans/base/plan.ts';
import { UNTRIED } from '../trial/cells.ts';
import type { PlanTally, ProbeReport, SendSummary } from './model.ts';

/** Plans with several cuts in one send per trial. */
const SEVERAL_CUTS = /^(?:drip|every-pair|(?:bytes|sizes|random):)/;
const GLUE = /^glue[:+]/;
const GLUED = /^glue:(?<requests>\d+)/;
const PAUSE = /^pause:(?<time>.*)/;
const COMPANY = /^interleave/;

/**
 * What a report does not cover, one clause each: the verdict is worth as much as what was tried. Planned trials that were not
 * done are not listed, as they withhold the pass.
 */
export function notTriedOf({
  target,
  exchange,
  sends,
  plans,
}: Pick<ProbeReport, 'target' | 'exchange' | 'sends' | 'plans'>): readonly string[] {
  const left = plans.flatMap(({ untried }) => untried ?? []);
  const clauses = [
    singleCuts(sends, plans),
    ...left,
    sends.some(({ bytes }) => bytes > 2) && !isPlanned(plans, SEVERAL_CUTS) ? 'several cuts in one request' : undefined,
    isPlanned(plans, GLUE) || left.some((clause) => clause.startsWith('a second request'))
      ? undefined
      : 'a second request in the same write',
    gluedText(plans),
    exchange.framing === undefined ? UNFRAMED : undefined,
    isPlanned(plans, COMPANY) || left.some((clause) => clause.startsWith(TURNS)) ? undefined : TURNS,
    pausesText(plans),
    target.startsWith('tls://') ? (exchange.framing === 'tls-records' ? BELOW : ABOVE) : undefined,
  ];
  return [...new Set(clauses.filter((clause) => clause !== undefined))];
}

const ABOVE = 'cuts in the bytes of TLS itself: the pieces are plain text (--cut wire)';
const BELOW = 'cuts in the plain text: the pieces are bytes of TLS';
const TURNS = 'two connections whose pieces alternate';

function pausesText(plans: readonly PlanTally[]): string {
  const times = plans.filter(({ planned }) => planned > 0).flatMap(({ plan }) => PAUSE.exec(plan)?.groups?.['time'] ?? []);
  return times.length === 0 ? 'pauses between the pieces' : `pauses between the pieces of other lengths than ${times.join(' and ')}`;
}

function gluedText(plans: readonly PlanTally[]): string | undefined {
  const glued = plans.filter(({ planned, untried }) => planned > 0 && untried === undefined);
  const most = Math.max(...glued.map(({ plan }) => Number(GLUED.exec(plan)?.groups?.['requests'] ?? 0)));
  return most > 0 ? `more than ${most} requests in one write` : undefined;
}

function isPlanned(plans: readonly PlanTally[], name: RegExp): boolean {
  return plans.some(({ plan, planned }) => planned > 0 && name.test(plan));
}

function singleCuts(sends: readonly SendSummary[], plans: readonly PlanTally[]): string | undefined {
  const all = sends.reduce((sum, { cells }) => sum + cells.length, 0);
  const untried = sends.reduce((sum, { cells }) => sum + cells.split(UNTRIED).length - 1, 0);
  if (untried === all) return all === 0 ? undefined : 'single cuts';
  const planned = plans.reduce((sum, plan) => sum + plan.planned, 0);
  const done = plans.reduce((sum, { pass, fail, unconfirmed, flaky }) => sum + pass + fail + unconfirmed + flaky, 0);
  return untried === 0 || done < planned ? undefined : `${untried} of ${all} single cuts`;
}
