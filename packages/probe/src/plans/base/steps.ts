/** Makes the steps of a trial from an exchange, and back. */

import { concatBytes } from '../../bytes/concat-bytes.ts';
import { piecesOf } from './segmentation.ts';
import type { Await, Burst, Bytes, Cut, Exchange, ExpectStep, SendStep, Step, Trial, TrialStep, Until } from '../../types.ts';

/** The sends of an exchange, in order: what `Burst.sends` counts. */
export function sendsOf(exchange: Exchange): readonly SendStep[] {
  return exchange.steps.filter(isSend);
}

/** The waits of an exchange, in order. */
export function expectsOf(exchange: Exchange): readonly ExpectStep[] {
  return exchange.steps.filter((step) => 'expect' in step);
}

function isSend(step: Step): step is SendStep {
  return 'send' in step;
}

/** The bytes of a send that plans may cut: a single byte, which has no inside, for a send that must stay whole. */
export function cuttableBytes({ send, cut }: SendStep): number {
  return cut === false ? 1 : send.length;
}

/** Where to cut, and whether the last burst ends our side. */
export interface Cutting {
  /** The cuts of each send, by its number; a send without cuts is sent whole. */
  readonly cuts?: ReadonlyMap<number, readonly Cut[]>;
  /** Ends our side after the last burst. @defaultValue false */
  readonly end?: boolean;
}

/** The exchange unchanged, each send a burst of its own. */
export function plainSteps(exchange: Exchange, { cuts, end = false }: Cutting = {}): readonly TrialStep[] {
  const last = sendsOf(exchange).length - 1;
  let send = 0;
  let answer = 0;
  return exchange.steps.map((step): TrialStep => {
    if (!isSend(step)) return { kind: 'await', answers: [answer++] };
    const pieces = piecesOf(step.cut === false ? [] : (cuts?.get(send) ?? []), step.send.length);
    const isEnd = step.end === true || (end && send === last);
    return { kind: 'burst', sends: [send++], pieces, end: isEnd };
  });
}

/** The same with a silence after each piece but the last of each burst. */
export function withPause(steps: readonly TrialStep[], pauseMs: number): readonly TrialStep[] {
  return steps.map((step) => (step.kind === 'burst' && step.pieces.length > 1 ? { ...step, pauseMs } : step));
}

/** The same beside another connection, which does its first piece of what is cut before the rest goes out here. */
export function interleaved(steps: readonly TrialStep[]): readonly TrialStep[] {
  return steps.map((step) => (step.kind === 'burst' && step.pieces.length > 1 ? { ...step, isInterleaved: true } : step));
}

/** The sends `first` to `last` in one burst, cut at `cuts`, and one wait for all their answers; the others unchanged. */
export function gluedSteps(exchange: Exchange, first: number, last: number, cuts: readonly Cut[] = []): readonly TrialStep[] {
  const glued: number[] = [];
  const answers: number[] = [];
  const before: TrialStep[] = [];
  const after: TrialStep[] = [];
  for (const step of plainSteps(exchange)) {
    const isPast = after.length > 0 || (step.kind === 'burst' && step.sends[0]! > last);
    if (isPast) after.push(step);
    else if (step.kind === 'burst' && step.sends[0]! >= first) glued.push(...step.sends);
    else if (step.kind === 'await' && glued.length > 0) answers.push(...step.answers);
    else before.push(step);
  }
  const isEnd = sendsOf(exchange)[last]?.end === true;
  return [...before, burst(exchange, glued, cuts, isEnd), ...awaitAll(answers), ...after];
}

/** All sends of an exchange, `rounds` times in one burst, cut at `cuts`, and one wait for all the answers. */
export function roundsSteps(exchange: Exchange, rounds: number, cuts: readonly Cut[] = []): readonly TrialStep[] {
  const greetings = exchange.steps.findIndex(isSend);
  const waits = expectsOf(exchange).length - greetings;
  const before = plainSteps(exchange).slice(0, greetings);
  const sends = roundsOf(exchange, rounds);
  const answers = Array.from({ length: rounds * waits }, (_, index) => greetings + index);
  return [...before, burst(exchange, sends, cuts, false), ...awaitAll(answers)];
}

/** The numbers of all sends, `rounds` times. */
export function roundsOf(exchange: Exchange, rounds: number): readonly number[] {
  const { length } = sendsOf(exchange);
  return Array.from({ length: rounds * length }, (_, index) => index % length);
}

function burst(exchange: Exchange, sends: readonly number[], cuts: readonly Cut[], end: boolean): Burst {
  return { kind: 'burst', sends, pieces: piecesOf(cuts, sendsLength(exchange, sends)), end };
}

function awaitAll(answers: readonly number[]): readonly Await[] {
  return answers.length === 0 ? [] : [{ kind: 'await', answers }];
}

/** Total bytes of the sends. */
export function sendsLength(exchange: Exchange, sends: readonly number[]): number {
  const all = sendsOf(exchange);
  return sends.reduce((byteLength, send) => byteLength + all[send]!.send.length, 0);
}

/** The control of trials with as many rounds: nothing is cut or glued, and each answer is awaited before the next round. */
export function controlTrial(exchange: Exchange, repeat: number = 1): Trial {
  const greetings = exchange.steps.findIndex(isSend);
  const once = plainSteps(exchange);
  const round = once.slice(greetings);
  const waits = round.filter(({ kind }) => kind === 'await').length;
  const rounds = Array.from({ length: repeat }, (_, index) => round.map((step) => shifted(step, index * waits)));
  const id = repeat === 1 ? 'control' : `control×${repeat}`;
  return { id, index: -1, plan: 'control', seed: 0, repeat, steps: [...once.slice(0, greetings), ...rounds.flat()] };
}

function shifted(step: TrialStep, by: number): TrialStep {
  return step.kind === 'burst' ? step : { kind: 'await', answers: step.answers.map((answer) => answer + by) };
}

/** The bytes of a burst. A single send is not copied. */
export function burstBytes(exchange: Exchange, { sends }: Pick<Burst, 'sends'>): Bytes {
  const all = sendsOf(exchange);
  return concatBytes(sends.map((send) => all[send]!.send));
}

/** What ends a wait. Waits for several answers are added up where possible, else the control tells the number of bytes. */
export function untilOf(exchange: Exchange, wait: Await): Until {
  return expectsOfWait(exchange, wait)
    .map(({ expect }) => expect)
    .reduce(joinUntils);
}

/** The waits of the exchange that one wait of a trial covers. */
export function expectsOfWait(exchange: Exchange, wait: Await): readonly ExpectStep[] {
  const expects = expectsOf(exchange);
  return expectNumbersOf(exchange, wait).map((number) => expects[number]!);
}

/** Their numbers in the exchange, the same in each round. */
export function expectNumbersOf(exchange: Exchange, { answers }: Await): readonly number[] {
  const greetings = exchange.steps.findIndex(isSend);
  const waits = expectsOf(exchange).length - greetings;
  return answers.map((answer) => (answer < greetings ? answer : greetings + ((answer - greetings) % waits)));
}

function joinUntils(left: Until, right: Until): Until {
  if (left.kind === 'bytes' && right.kind === 'bytes') return { kind: 'bytes', count: left.count + right.count };
  if (left.kind === 'frames' && right.kind === 'frames' && left.framing === right.framing)
    return {
      kind: 'frames',
      count: left.count + right.count,
      framing: left.framing,
      ...(left.isUnordered === true || right.isUnordered === true ? { isUnordered: true } : {}),
    };
  if (left.kind === 'idle' && right.kind === 'idle') return { kind: 'idle', ms: Math.max(left.ms, right.ms) };
  return right.kind === 'close' ? right : { kind: 'control' };
}
