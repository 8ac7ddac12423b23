import { optional } from '../optional.ts';
import { expectNumbersOf, untilOf } from '../plans/base/steps.ts';
import type { Goal } from '../transports/answer-wait.ts';
import type { Await, Exchange } from '../types.ts';

/** Lengths of answers, by their place; undefined where one is not known. */
type AnswerLengths = readonly (number | undefined)[];

/** What goals follow from. */
export interface GoalSetting {
  readonly exchange: Exchange;
  readonly limits: { readonly quietMs: number };
  /** For a control of many rounds: the answers in one round. */
  readonly onceBytes?: AnswerLengths;
}

/** What completes the answer of a wait: what the exchange says of it, else as many bytes as in the control, which waits for silence. */
export function goalOf(
  { exchange, limits, onceBytes }: GoalSetting,
  wait: Await,
  { learnt, isLast }: { readonly learnt: { readonly answerBytes: AnswerLengths } | undefined; readonly isLast: boolean },
): Goal {
  const until = untilOf(exchange, wait);
  if (until.kind === 'bytes') return { kind: 'bytes', count: until.count };
  if (until.kind === 'frames') return { kind: 'frames', count: until.count, framing: until.framing };
  if (until.kind === 'close') return { kind: 'end' };
  const count = sumOf(wait.answers.map((answer) => learnt?.answerBytes[answer]));
  if (until.kind === 'idle') return { kind: 'quiet', ms: until.ms, mayBeEmpty: learnt === undefined || count === 0 };
  if (count !== undefined) return { kind: 'bytes', count };
  // Silence behind each of many rounds would take most of a campaign; behind the last one it shows what came beyond.
  const enoughBytes = isLast ? undefined : sumOf(expectNumbersOf(exchange, wait).map((number) => onceBytes?.[number]));
  return { kind: 'quiet', ms: limits.quietMs, ...optional('enoughBytes', enoughBytes === 0 ? undefined : enoughBytes) };
}

function sumOf(counts: AnswerLengths): number | undefined {
  return counts.reduce<number | undefined>((sum, each) => (sum === undefined || each === undefined ? undefined : sum + each), 0);
}
