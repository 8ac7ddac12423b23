import { concatBytes } from '../bytes/concat-bytes.ts';
import { firstDifference } from '../bytes/difference.ts';
import { isForeign } from '../exchange/slots.ts';
import { optional } from '../optional.ts';
import { untilOf } from '../plans/base/steps.ts';
import { looksLikeError } from './error-replies.ts';
import { areSameFrames } from './frame-order.ts';
import { areEqualMasked } from './masked-window.ts';
import { applyMasks } from './masks.ts';
import type { Await, Bytes, Ending, Exchange, Fail, FailureKind, Observation, Trial, Verdict } from '../types.ts';
import type { AnswerFrames } from './frame-order.ts';
import type { Mask } from './masks.ts';

const NOTHING: Bytes = new Uint8Array(0);

/** The expected result of a trial. */
export interface Expectation {
  /** One answer for each wait of the trial. */
  readonly answers: readonly Bytes[];
  /** Their frames, if known, one entry for each answer. @defaultValue none */
  readonly frames?: readonly (AnswerFrames | undefined)[];
  /** The state of the connection after the control. */
  readonly ended: Ending;
}

/** What to expect of a trial, from the control: its answers, joined where the trial waits for several at once. */
export function expectationOf(trial: Trial, control: Observation, exchange?: Exchange): Expectation {
  const waits = trial.steps.filter((step) => step.kind === 'await');
  const answers = waits.map((wait) => joined(wait, control));
  return {
    answers,
    ended: control.ended,
    ...optional('frames', exchange === undefined ? undefined : waits.map((wait) => framesOfWait(exchange, wait))),
  };
}

function framesOfWait(exchange: Exchange, wait: Await): AnswerFrames | undefined {
  const until = untilOf(exchange, wait);
  if (until.kind === 'frames') return { framing: until.framing, isUnordered: until.isUnordered === true };
  return exchange.framing === undefined ? undefined : { framing: exchange.framing, isUnordered: false };
}

function joined({ answers }: Await, { received }: Observation): Bytes {
  return concatBytes(answers.map((answer) => received[answer] ?? NOTHING));
}

/**
 * Judges a trial: its answers, masked, must equal those of the control, and the connection must not end where the control's
 * did not. The frames of an answer may be reordered if it allows that. A trial that ends our side may end theirs. A right
 * answer counts as `pass` only when delivery was confirmed.
 */
export function compare(trial: Trial, observation: Observation, expectation: Expectation, masks: readonly Mask[] = []): Verdict {
  if (observation.cutShort === true) return { kind: 'unconfirmed' };
  const failure = findFailure(trial, observation, expectation, masks);
  if (failure !== undefined) return failure;
  return observation.confirmed ? { kind: 'pass' } : { kind: 'unconfirmed' };
}

function findFailure(trial: Trial, observation: Observation, expectation: Expectation, masks: readonly Mask[]): Fail | undefined {
  for (const [answer, wanted] of expectation.answers.entries()) {
    const seen = observation.received[answer] ?? NOTHING;
    const difference = compareAnswer(seen, wanted, { observation, masks, frames: expectation.frames?.[answer] });
    if (difference !== undefined) return { kind: 'fail', answer, ...difference };
  }
  return compareEnding(trial, observation, expectation);
}

type Difference = Pick<Fail, 'failure' | 'at' | 'detail'>;

interface Comparison {
  readonly observation: Observation;
  readonly masks: readonly Mask[];
  readonly frames: AnswerFrames | undefined;
}

const OTHER_ORDER = 'the same frames in another order: right where answers have ids, which "unordered:N" of the wait says';

function compareAnswer(raw: Bytes, control: Bytes, { observation, masks, frames }: Comparison): Difference | undefined {
  // Nearly all answers are equal, or differ only in a date, and masking all of them costs more than the rest of a trial.
  const first = firstDifference(raw, control);
  if (first === undefined || areEqualMasked(raw, control, first, masks)) return undefined;
  const seen = applyMasks(raw, masks);
  const wanted = applyMasks(control, masks);
  const at = firstDifference(seen, wanted);
  if (at === undefined) return undefined;
  if (frames !== undefined && areSameFrames(raw, control, frames.framing, masks))
    return frames.isUnordered ? undefined : { at, failure: 'other-order', detail: OTHER_ORDER };
  if (isForeign(seen)) return { at, failure: 'wrong-bytes', detail: 'the answer has the number of another connection' };
  return { at, ...describe(seen, wanted, at, observation) };
}

function describe(seen: Bytes, wanted: Bytes, at: number, { ended, overflowed }: Observation): Omit<Difference, 'at'> {
  const error = errorNear(seen, at);
  if (error !== undefined && errorNear(wanted, at) !== error) return { failure: 'error-reply', detail: `answered with ${error}` };
  if (at < seen.length && at < wanted.length) return { failure: 'wrong-bytes', detail: wrongBytes(seen, wanted, at) };
  if (at < seen.length) {
    const more = overflowed === true ? 'more bytes than are kept' : count(seen.length - wanted.length, 'byte');
    return { failure: 'extra-bytes', detail: `${more} after the whole answer of ${count(wanted.length, 'byte')}` };
  }
  const { failure, how } = SHORT[ended];
  return { failure, detail: `${how} after ${at} of ${count(wanted.length, 'byte')} of the answer` };
}

/** Where the status begins in `HTTP/1.1 200`. */
const HTTP_STATUS_BYTES = 9;
const LF = 0x0a;

// An error may follow right answers, when several requests were glued.
function errorNear(answer: Bytes, at: number): string | undefined {
  const starts = [0, answer.subarray(0, at).lastIndexOf(LF) + 1, at - HTTP_STATUS_BYTES, at].filter((start) => start >= 0);
  return starts.map((start) => looksLikeError(answer.subarray(start))).find((error) => error !== undefined);
}

/** The kind of an answer that stops too early, from the state of the connection. */
const SHORT: Readonly<Record<Ending, { readonly failure: FailureKind; readonly how: string }>> = {
  timeout: { failure: 'hang', how: 'nothing more came' },
  reset: { failure: 'reset', how: 'the connection was reset' },
  fin: { failure: 'closed', how: 'the connection was closed' },
  open: { failure: 'missing-bytes', how: 'the answer ended' },
};

function compareEnding(trial: Trial, { ended, received }: Observation, expectation: Expectation): Fail | undefined {
  if (ended === expectation.ended || ended === 'open') return undefined;
  const isOursEnded = trial.steps.some((step) => step.kind === 'burst' && step.end);
  if (ended === 'fin' && isOursEnded) return undefined;
  const answer = Math.max(0, expectation.answers.length - 1);
  const at = received[answer]?.length ?? 0;
  const { failure, how } = SHORT[ended];
  return { kind: 'fail', failure, answer, at, detail: `the answer is right, but ${how} behind it, and not in the control` };
}

function wrongBytes(seen: Bytes, wanted: Bytes, at: number): string {
  return `byte ${at} of the answer is ${hex(seen[at]!)}, the control has ${hex(wanted[at]!)}`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function count(many: number, noun: string): string {
  return `${many} ${noun}${many === 1 ? '' : 's'}`;
}
