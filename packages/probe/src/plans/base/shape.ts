/**
 * A trial as text, so that a single trial can be repeated.
 *
 * ```
 * 12,16      send 0, cut at 12 and 16        0-2@5    sends 0 to 2 in one write, cut at 5
 * 1@5        send 1, cut at 5                x3@5,9   all sends three times in one write, cut at 5 and 9
 * 0@3/1@5    both                            7/end    send 0, cut at 7; our side ends behind the last send
 * 7/pause300   send 0, cut at 7, and 300 ms of silence behind each piece
 * 7/beside     send 0, cut at 7, and another connection does the same in between
 * ```
 */

import { ProbeError } from '../../errors.ts';
import { sortedCuts, cutsOf } from './segmentation.ts';
import { gluedSteps, interleaved, plainSteps, roundsOf, roundsSteps, sendsLength, sendsOf, withPause } from './steps.ts';
import type { Burst, Cut, Exchange, Trial, TrialStep } from '../../types.ts';
import type { Draft } from './plan.ts';

/** Most rounds in one write, and most cuts in one shape. */
const MAX_ROUNDS = 1000;
const MAX_CUTS = 100_000;

const PART = /^(?:(?:(?<first>\d{1,5})(?:-(?<last>\d{1,5}))?|x(?<rounds>\d{1,4}))(?:@|$))?(?<cuts>\d{1,8}(?:,\d{1,8})*)?$/;

/** One part of a shape: sends, and their cuts. */
interface BurstShape {
  readonly first: number;
  readonly last: number;
  readonly rounds: number;
  readonly cuts: readonly Cut[];
}

/** The shape of a trial: `draftOfShape` makes the same steps from it. */
export function shapeOf(exchange: Exchange, { steps }: Pick<Trial, 'steps'>): string {
  const bursts = steps.filter((step) => step.kind === 'burst');
  const parts = bursts.map(partText).filter((part) => part !== '');
  const isEnded = bursts.at(-1)?.end === true && sendsOf(exchange).at(-1)?.end !== true;
  const pauseMs = bursts.find((burst) => burst.pauseMs !== undefined)?.pauseMs;
  const isBeside = bursts.some(({ isInterleaved }) => isInterleaved === true);
  const how = [...(pauseMs === undefined ? [] : [`pause${pauseMs}`]), ...(isBeside ? ['beside'] : []), ...(isEnded ? ['end'] : [])];
  return [...parts, ...how].join('/');
}

function partText(burst: Burst): string {
  const cuts = cutsOf(burst).join(',');
  const { sends } = burst;
  const at = cuts === '' ? '' : `@${cuts}`;
  const rounds = sends.filter((send) => send === sends[0]).length;
  if (sends.length > 1) return rounds > 1 ? `x${rounds}${at}` : `${sends[0]}-${sends.at(-1)}${at}`;
  return cuts === '' || sends[0] === 0 ? cuts : `${sends[0]}${at}`;
}

/** Reads a shape. @throws ProbeError `PROBE_ERR_PLAN` when it is not written as one or does not fit the exchange. */
export function draftOfShape(exchange: Exchange, shape: string): Draft {
  if (BESIDE.test(shape)) {
    const { repeat, steps } = draftOfShape(exchange, shape.replace(BESIDE, ''));
    return { repeat, steps: interleaved(steps) };
  }
  const pause = PAUSE.exec(shape)?.groups?.['ms'];
  if (pause === undefined) return draftOfParts(exchange, shape);
  if (Number(pause) < 1 || Number(pause) > MAX_PAUSE_MS) throw wrong(shape, `pauses of 1 to ${MAX_PAUSE_MS} ms are allowed`);
  const { repeat, steps } = draftOfParts(exchange, shape.replace(PAUSE, ''));
  return { repeat, steps: withPause(steps, Number(pause)) };
}

const PAUSE = /\/pause(?<ms>\d{1,6})(?=\/end$|$)/;
const BESIDE = /\/beside(?=\/end$|$)/;
/** Longest silence after a piece, in milliseconds: a trial has a minute by default. */
export const MAX_PAUSE_MS = 30_000;

function draftOfParts(exchange: Exchange, shape: string): Draft {
  const texts = shape.split('/');
  const end = texts.at(-1) === 'end';
  const parts = (end ? texts.slice(0, -1) : texts).map((text) => readPart(exchange, text));
  const special = parts.find(({ first, last, rounds }) => rounds > 1 || last > first);
  if (special === undefined)
    return { repeat: 1, steps: plainSteps(exchange, { end, cuts: new Map(parts.map((part) => [part.first, part.cuts])) }) };
  if (parts.length > 1 || end) throw wrong(shape, 'glued sends stand alone');
  return { repeat: special.rounds, steps: specialSteps(exchange, special) };
}

function specialSteps(exchange: Exchange, { first, last, rounds, cuts }: BurstShape): readonly TrialStep[] {
  return rounds > 1 ? roundsSteps(exchange, rounds, cuts) : gluedSteps(exchange, first, last, cuts);
}

function readPart(exchange: Exchange, text: string): BurstShape {
  const groups = PART.exec(text.includes('@') || /^x|-/.test(text) ? text : `0@${text}`)?.groups;
  const isEmpty = groups?.['cuts'] === undefined && groups?.['last'] === undefined && groups?.['rounds'] === undefined;
  if (groups === undefined || isEmpty) throw wrong(text, 'a shape is like 12,16 or 1@5 or 0-2@5 or x3@5 or 7/end');
  const first = Number(groups['first'] ?? 0);
  const part = { first, last: Number(groups['last'] ?? first), rounds: Number(groups['rounds'] ?? 1), cuts: readCuts(groups['cuts']) };
  checkPart(exchange, part, text);
  return part;
}

function readCuts(text: string | undefined): readonly Cut[] {
  return text === undefined ? [] : text.split(',', MAX_CUTS + 1).map(Number);
}

function checkPart(exchange: Exchange, { first, last, rounds, cuts }: BurstShape, text: string): void {
  const { length, 0: opening } = sendsOf(exchange);
  if (last < first || last >= length) throw wrong(text, `the exchange has the sends 0 to ${length - 1}`);
  if (rounds < 1 || rounds > MAX_ROUNDS) throw wrong(text, `1 to ${MAX_ROUNDS} rounds are allowed`);
  if (rounds > 1 && length > 1 && opening?.glue !== true)
    throw wrong(text, 'an exchange of several sends is played several times only where its first one is marked "glue": true');
  if (cuts.length > MAX_CUTS) throw wrong(text, `at most ${MAX_CUTS} cuts are allowed`);
  const sends = rounds > 1 ? roundsOf(exchange, rounds) : Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const byteLength = sendsLength(exchange, sends);
  if (sortedCuts(cuts, byteLength).length !== new Set(cuts).size)
    throw wrong(text, `cuts of ${byteLength} bytes lie from 1 to ${byteLength - 1}`);
}

function wrong(seen: string, allowed: string): ProbeError {
  const short = seen.length > 80 ? `${seen.slice(0, 80)}…` : seen;
  return new ProbeError('PROBE_ERR_PLAN', `${JSON.stringify(short)} is not a valid shape: ${allowed}`);
}
