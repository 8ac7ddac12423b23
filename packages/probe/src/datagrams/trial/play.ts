import { concatBytes } from '../../bytes/concat-bytes.ts';
import { captured, filledSlots, nextNumber, TRIAL_SLOT } from '../../exchange/slots.ts';
import { expectsOf, sendsOf } from '../base/exchange.ts';
import { compareAnswers, matches } from './answers.ts';
import { nextId } from './ids.ts';
import type { Mask } from '../../trial/masks.ts';
import type { Bytes, Exchange, ExpectStep, SendStep } from '../../types.ts';
import type { DatagramAction, DatagramId } from '../base/types.ts';
import type { RunValues, Template } from './answers.ts';
import type { Arrival, Peer } from './peer.ts';

/** What is played, and what is known of its answers. */
export interface PlaySetting {
  readonly exchange: Exchange;
  readonly id?: DatagramId | undefined;
  readonly masks: readonly Mask[];
  /** The answers of the control; none while it is learnt. */
  readonly due: readonly Template[];
  readonly limits: DatagramLimits;
}

/** How long answers are waited for, in milliseconds. */
export interface DatagramLimits {
  /** For an answer that must come. */
  readonly hangMs: number;
  /** For one that need not come, or for more of them. */
  readonly quietMs: number;
}

/** What one round on a socket brought. */
export interface PlayRun {
  readonly values: RunValues;
  /** What came, with the wait during which it did; what came after the last one belongs to that. */
  readonly answers: readonly { readonly wait: number; readonly arrival: Arrival }[];
  /** The longest time until the first answer to a wait. */
  readonly slowestMs: number;
  /** Why it could not go on: an answer without what is sent back later. */
  readonly fault: string | undefined;
}

interface Round {
  readonly peer: Peer;
  readonly setting: PlaySetting;
  readonly slots: Map<string, Bytes>;
  readonly ids: Map<number, Bytes[]>;
  readonly filled: Map<number, Bytes>;
  readonly answers: { wait: number; arrival: Arrival }[];
  slowestMs: number;
  fault: string | undefined;
}

/**
 * Plays the steps of one round on a socket, which may have played others before. Afterwards it listens on until nothing has come for
 * `quietMs`, unless `isBrief`.
 */
export async function play(
  peer: Peer,
  actions: readonly DatagramAction[],
  setting: PlaySetting,
  { isBrief = false, signal }: { readonly isBrief?: boolean; readonly signal?: AbortSignal | undefined } = {},
): Promise<PlayRun> {
  peer.begin();
  const round = startRound(peer, setting);
  let lastWait = 0;
  for (const action of actions) {
    signal?.throwIfAborted();
    if (round.fault !== undefined || peer.refusedAt !== undefined) break;
    if (action.kind === 'send') await sendOne(round, action);
    else if (action.kind === 'pause') await untilSilent(peer, action.ms);
    else {
      lastWait = action.wait;
      await waitFor(round, action);
    }
    collect(round, lastWait);
  }
  const isSilent = isBrief || (await untilSilent(peer, setting.limits.quietMs));
  collect(round, lastWait);
  if (!isSilent && setting.due.length === 0) round.fault ??= `answers came on and on, without a silence of ${setting.limits.quietMs} ms`;
  const { slots, ids, answers, slowestMs, fault } = round;
  return { values: { slots, ids }, answers, slowestMs, fault };
}

const taken = new WeakMap<Peer, number>();
/** Shorter texts also occur by chance. */
const LEAST_PORT_DIGITS = 4;

function startRound(peer: Peer, setting: PlaySetting): Round {
  const slots = new Map([[TRIAL_SLOT, nextNumber()]]);
  const port = Buffer.from(String(peer.port), 'latin1');
  if (port.length >= LEAST_PORT_DIGITS) slots.set('port', new Uint8Array(port));
  return { peer, setting, slots, ids: new Map(), filled: new Map(), answers: [], slowestMs: 0, fault: undefined };
}

function collect({ peer, answers }: Round, wait: number): void {
  const from = taken.get(peer) ?? 0;
  for (const arrival of peer.arrivals.slice(from)) answers.push({ wait, arrival });
  taken.set(peer, peer.arrivals.length);
}

async function sendOne(round: Round, { sends, keep }: Extract<DatagramAction, { readonly kind: 'send' }>): Promise<void> {
  const seen = new Set<number>();
  const parts = sends.map((send) => {
    // The same twice in one datagram is two requests: each has an id of its own. Two datagrams with the same bytes are copies.
    const isSecond = seen.has(send);
    seen.add(send);
    return isSecond ? fill(round, send) : filledOnce(round, send);
  });
  const bytes = concatBytes(parts);
  await round.peer.send(keep === undefined ? bytes : bytes.subarray(0, keep));
}

function filledOnce(round: Round, send: number): Bytes {
  const bytes = round.filled.get(send) ?? fill(round, send);
  round.filled.set(send, bytes);
  return bytes;
}

function fill({ setting: { exchange, id }, slots, ids }: Round, send: number): Bytes {
  const { send: template, slots: places = [], reply } = sendsOf(exchange)[send] as SendStep;
  const bytes = reply === undefined ? filledSlots(template, places, slots) : Uint8Array.from(reply(slots));
  if (id === undefined || id.at + id.bytes > bytes.length) return bytes;
  const own = nextId(id.bytes);
  bytes.set(own, id.at);
  ids.set(send, [...(ids.get(send) ?? []), own]);
  return bytes;
}

async function waitFor(round: Round, { wait, isSilent = false }: Extract<DatagramAction, { readonly kind: 'wait' }>): Promise<void> {
  const { peer, setting } = round;
  const { limits, due } = setting;
  const first = taken.get(peer) ?? 0;
  const startedAt = performance.now();
  const { expect, captures } = expectsOf(setting.exchange)[wait] as ExpectStep;
  const mine = due.filter((template) => template.wait === wait);
  if (expect.kind === 'idle') await untilSilent(peer, expect.ms);
  else await untilAnswered(round, first, wait, isSilent ? limits.quietMs : limits.hangMs);
  const [arrival] = peer.arrivals.slice(first);
  if (arrival !== undefined) round.slowestMs = Math.max(round.slowestMs, arrival.at - startedAt);
  // A client that waits for an answer does not go on without it.
  else if (!isSilent && expect.kind !== 'idle') round.fault = `answer ${wait} did not come`;
  if (captures !== undefined && round.fault === undefined) capture(round, { first, mine, captures, isSilent });
}

/** Waits for all answers that are due; where they are not known, or others come, until silence follows as many. */
async function untilAnswered({ peer, setting, slots, ids }: Round, first: number, wait: number, ms: number): Promise<void> {
  const { due, masks, limits } = setting;
  const values = { slots, ids };
  const mine = due.filter((template) => template.wait === wait);
  const ofOthers = due.filter((template) => template.wait !== wait);
  // Copies of earlier answers may come now.
  const isNew = ({ bytes }: Arrival): boolean => !ofOthers.some((template) => matches(bytes, template, values, masks));
  const arrived = (): readonly Bytes[] =>
    peer.arrivals
      .slice(first)
      .filter(isNew)
      .map(({ bytes }) => bytes);
  // Asked after each datagram of what may be thousands: they are only looked at once there are enough of them.
  const isEnough = (): boolean => peer.arrivals.length - first >= Math.max(1, mine.length);
  const isWhole = (): boolean => mine.length > 0 && isEnough() && compareAnswers(arrived(), mine, values, masks).missing.length === 0;
  await peer.wait(ms, () => isEnough() && arrived().length >= Math.max(1, mine.length));
  if (arrived().length > 0 && !isWhole()) await untilSilent(peer, limits.quietMs, isWhole);
}

/** Waits until nothing has come for that long, which is returned; for a server that never falls silent only so many times that long. */
async function untilSilent(peer: Peer, ms: number, isOver: () => boolean = () => false): Promise<boolean> {
  const giveUpAt = performance.now() + ms * LONGEST_IN_SILENCES;
  for (;;) {
    const before = peer.arrivals.length;
    await peer.wait(ms, () => peer.arrivals.length > before || isOver());
    if (peer.arrivals.length === before || isOver()) return true;
    if (performance.now() >= giveUpAt) return false;
  }
}

const LONGEST_IN_SILENCES = 100;

interface CaptureTask {
  readonly first: number;
  readonly mine: readonly Template[];
  readonly captures: NonNullable<ExpectStep['captures']>;
  readonly isSilent: boolean;
}

/** Takes what is sent back later from the first answer that has it, of those that the control had, if there are any. */
function capture(round: Round, { first, mine, captures, isSilent }: CaptureTask): void {
  const { peer, setting, slots, ids } = round;
  const candidates = peer.arrivals.slice(first).flatMap(({ bytes }) => {
    const found = captures.map((each) => [each.name, captured(bytes, each)] as const);
    return found.every(([, value]) => value !== undefined) ? [{ bytes, found: found as readonly (readonly [string, Bytes])[] }] : [];
  });
  const isOfControl = ({ bytes, found }: (typeof candidates)[number]): boolean =>
    mine.some((template) => matches(bytes, template, { slots: new Map([...slots, ...found]), ids }, setting.masks));
  const chosen = candidates.find(isOfControl) ?? candidates[0];
  for (const [name, value] of chosen?.found ?? []) slots.set(name, value);
  if (chosen === undefined && !isSilent)
    round.fault = `no answer has ${captures.map(({ name }) => name).join(' and ')}, which is sent later`;
}
