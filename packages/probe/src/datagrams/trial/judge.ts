import { excerptOf } from '../../report/model.ts';
import { plainActions } from '../base/exchange.ts';
import { areJoined, compareAnswers } from './answers.ts';
import { openPeer } from './peer.ts';
import { play } from './play.ts';
import type { Excerpt } from '../../report/model.ts';
import type { Bytes } from '../../types.ts';
import type { AllowableFailure, DatagramFailure, DatagramTrial, DatagramVerdict } from '../base/types.ts';
import type { Template } from './answers.ts';
import type { DatagramAddress, Peer } from './peer.ts';
import type { PlayRun, PlaySetting } from './play.ts';

/** How trials are run. */
export interface JudgeSetting {
  readonly address: DatagramAddress;
  readonly play: PlaySetting;
  /** Whether the exchange is answered twice in a row to the same address, unharmed. */
  readonly isReusable: boolean;
  /** Failures that the protocol allows. */
  readonly allowed: readonly AllowableFailure[];
}

/** The answers to the first datagram from an address, before it sent another. */
export interface Amplification {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly datagramsOut: number;
}

/** What is kept of a trial, in a report and in a journal. */
export interface DoneTrial {
  readonly trial: DatagramTrial;
  readonly verdict: DatagramVerdict;
  readonly amplification: Amplification;
  /** The last answer of the trial, and the last of the control. */
  readonly received: Excerpt;
  readonly expected: Excerpt;
}

/** One trial, run once. */
export interface DatagramRun extends DoneTrial {
  readonly isRefused: boolean;
  /** How a new address was answered afterwards. */
  readonly state: Liveness;
}

const NOTHING: Bytes = new Uint8Array(0);

/** Runs a trial from an address of its own, and then the unharmed exchange from the same address. */
export async function runDatagramTrial(trial: DatagramTrial, setting: JudgeSetting, signal?: AbortSignal): Promise<DatagramRun> {
  const peer = await openPeer(setting.address);
  try {
    const due = dueOf(trial, setting.play.due);
    const run = await play(peer, trial.actions, { ...setting.play, due }, { signal });
    const amplification = amplificationOf(peer);
    const judged = judge(trial, run, due, setting, peer, amplification);
    const state = peer.refusedAt === undefined ? await probeAlive(setting, signal) : 'refused';
    const verdict = judged.kind === 'fail' ? judged : ((await afterwards(peer, setting, state, signal)) ?? judged);
    const received = excerptOf(run.answers.at(-1)?.arrival.bytes ?? NOTHING);
    return {
      trial,
      verdict,
      amplification,
      received,
      expected: excerptOf(due.at(-1)?.raw ?? NOTHING),
      isRefused: peer.refusedAt !== undefined,
      state,
    };
  } finally {
    peer.close();
  }
}

/** The answers that are due, in the order of the exchange. */
function dueOf({ repeated, allows, actions, plan }: DatagramTrial, due: readonly Template[]): readonly Template[] {
  // It ends behind the truncated datagram.
  if (plan === 'truncate') return due.filter(({ wait }) => actions.some((action) => action.kind === 'wait' && action.wait === wait));
  if (allows !== 'joined' || repeated === undefined) return due;
  const own = due.filter(({ wait }) => wait === repeated.wait);
  // Objects of their own: each is due by itself.
  const again = Array.from({ length: repeated.times - 1 }, () => own.map((template) => ({ ...template }))).flat();
  const end = due.findLastIndex(({ wait }) => wait === repeated.wait) + 1;
  return [...due.slice(0, end), ...again, ...due.slice(end)];
}

/** What the first datagram brought, counted as UDP counts it: without headers. */
function amplificationOf({ arrivals, sentBytes }: Peer): Amplification {
  const brought = arrivals.filter(({ sent }) => sent === 1);
  return {
    bytesIn: sentBytes[0] ?? 0,
    bytesOut: brought.reduce((sum, { bytes }) => sum + bytes.length, 0),
    datagramsOut: brought.length,
  };
}

function judge(
  trial: DatagramTrial,
  { answers, values, fault }: PlayRun,
  due: readonly Template[],
  { play: { masks, id }, address, allowed }: JudgeSetting,
  peer: Peer,
  amplification: Amplification,
): DatagramVerdict {
  if (peer.refusedAt !== undefined) return fail('target-died', 'its system answers that nobody listens on the port any more');
  const came = answers.map(({ arrival }) => arrival.bytes);
  const { missing, copies, others, foreign } = compareAnswers(came, due, values, masks);
  if (foreign !== undefined) return fail('mixed-answer', `an answer of ${foreign.length} bytes has the number of another address`);
  const amplified = amplifiedDetail(amplification, address);
  if (amplified !== undefined && !allowed.includes('amplifies')) return fail('amplifies', amplified);
  if (trial.allows === 'joined' && areJoined(came, due, values, masks)) return { kind: 'same' };
  if (trial.allows !== 'any' && missing.length > 0) return unlessAllowed(lacking(missing, due, others, fault), allowed);
  if (came.length === 0) return { kind: 'none' };
  if (others.length > 0 && trial.plan === 'double' && id !== undefined) return unlessAllowed(anew(others[0]!), allowed);
  if (missing.length > 0 || others.length > 0) return { kind: 'other' };
  return { kind: copies > 0 ? 'twice' : 'same' };
}

type Failed = Extract<DatagramVerdict, { readonly kind: 'fail' }>;

function fail(failure: DatagramFailure, detail: string): Failed {
  return { kind: 'fail', failure, detail };
}

function unlessAllowed(failed: Failed, allowed: readonly AllowableFailure[]): DatagramVerdict {
  return allowed.some((failure) => failure === failed.failure) ? { kind: 'other' } : failed;
}

function lacking(missing: readonly Template[], due: readonly Template[], others: readonly Bytes[], fault: string | undefined): Failed {
  const what = `${missing.length} of ${due.length} answers of the control did not come${fault === undefined ? '' : `: ${fault}`}`;
  if (others.length === 0) return fail('no-answer', what);
  return fail('wrong-answer', `${what}, and ${others.length} that it does not have did`);
}

function anew(other: Bytes): Failed {
  return fail('answered-anew', `the copy has the same id as the first, and got another answer, of ${other.length} bytes`);
}

/** RFC 9000, section 8: at most three times the bytes that were received go to an address that is not validated. */
const MAX_FACTOR = 3;
/** Nobody gains from fewer bytes. */
const LEAST_AMPLIFIED_BYTES = 128;

/** How many times the bytes of the first datagram came back, with the headers of IP and UDP, as they load a network. */
export function factorOf({ bytesIn, bytesOut, datagramsOut }: Amplification, { host }: DatagramAddress): number {
  const headerBytes = (host.includes(':') ? 40 : 20) + 8;
  return (bytesOut + datagramsOut * headerBytes) / (bytesIn + headerBytes);
}

function amplifiedDetail(amplification: Amplification, address: DatagramAddress): string | undefined {
  const { bytesIn, bytesOut, datagramsOut } = amplification;
  const factor = factorOf(amplification, address);
  if (factor <= MAX_FACTOR || bytesOut < LEAST_AMPLIFIED_BYTES) return undefined;
  const brought = datagramsOut === 1 ? 'one datagram' : `${datagramsOut} datagrams`;
  return `the first ${bytesIn} bytes from a new address brought ${brought} of ${bytesOut} bytes in all: ${factor.toFixed(1)} times as many on the wire`;
}

/**
 * Whether others are still answered, which was asked before, and then whether the same address is: a client that had bad luck begins
 * again. In this order, because what it left behind may end when it does.
 */
async function afterwards(
  peer: Peer,
  setting: JudgeSetting,
  state: Liveness,
  signal: AbortSignal | undefined,
): Promise<DatagramVerdict | undefined> {
  const inVain = `in ${ATTEMPTS} attempts of ${setting.play.limits.hangMs.toFixed(0)} ms`;
  if (state === 'refused') return fail('target-died', 'afterwards its system answers that nobody listens on the port any more');
  if (state === 'silent') return fail('hang', `afterwards the unharmed exchange is not answered to a new address, ${inVain}`);
  if (!setting.isReusable) return undefined;
  let isStale = false;
  let isSilent = true;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { answers, values } = await play(peer, plainActions(setting.play.exchange), setting.play, { isBrief: true, signal });
    if (peer.refusedAt !== undefined) return fail('target-died', 'afterwards its system answers that nobody listens on the port any more');
    const came = answers.map(({ arrival }) => arrival.bytes);
    const { missing, foreign } = compareAnswers(came, setting.play.due, values, setting.play.masks);
    if (missing.length === 0) return undefined;
    isSilent &&= came.length === 0;
    isStale = foreign !== undefined;
  }
  if (isStale) return fail('mixed-answer', 'afterwards this address gets answers to what it asked before, or to what others asked');
  // A server may tell a client that began again in the middle to wait.
  if (!isSilent) return undefined;
  return fail('hang', `afterwards the unharmed exchange is not answered to this address, ${inVain}`);
}

/** A datagram may be lost on any machine that is busy. */
const ATTEMPTS = 2;

/** How a new address is answered: as in the control, in part, otherwise, with what belongs to another address, or not. */
export type Liveness = 'same' | 'part' | 'other' | 'foreign' | 'silent' | 'refused';

/** Whether somebody is answered, however. */
export function isAnswering(state: Liveness): boolean {
  return state !== 'silent' && state !== 'refused';
}

/** Does the unharmed exchange from a new address, and again where answers are missing. */
export async function probeAlive(
  { address, play: setting }: JudgeSetting,
  signal?: AbortSignal,
  attempts: number = ATTEMPTS,
): Promise<Liveness> {
  let state: Liveness = 'silent';
  for (let attempt = 0; attempt < attempts; attempt++) {
    const peer = await openPeer(address);
    try {
      const { answers, values } = await play(peer, plainActions(setting.exchange), setting, { isBrief: true, signal });
      if (peer.refusedAt !== undefined) return 'refused';
      const came = answers.map(({ arrival }) => arrival.bytes);
      const { missing, foreign, others } = compareAnswers(came, setting.due, values, setting.masks);
      if (foreign !== undefined) return 'foreign';
      if (missing.length === 0) return 'same';
      if (others.length > 0) return 'other';
      if (came.length > 0) state = 'part';
    } finally {
      peer.close();
    }
  }
  return state;
}
