/**
 * A report: plain JSON, so that shards can be merged and programs can read it. Bytes are hex excerpts of bounded size.
 */

import { toHex } from '../bytes/hex.ts';
import type { GlueTally } from '../diagnosis/diagnose-glue.ts';
import type { Diagnosis, Fail, FrameSpan, Outcome, VerdictKind } from '../types.ts';

/** The version of this format. It changes when a reader of the old one could be misled. */
export const REPORT_VERSION = 1;

/** An excerpt of bytes. */
export interface Excerpt {
  /** Offset of the excerpt, in bytes. */
  readonly offset: number;
  /** Total number of bytes. */
  readonly totalBytes: number;
  /** The excerpt, two hex digits a byte. */
  readonly hex: string;
}

/** One send of the exchange. */
export interface SendSummary {
  readonly bytes: number;
  /** Its first bytes, at most `MAX_REQUEST_BYTES`, in hex. */
  readonly hex: string;
  /** The number of frames in it; absent without a framing. */
  readonly frameCount?: number;
  /** The first of them, at most `MAX_FRAMES`. */
  readonly frames?: readonly FrameSpan[];
  /**
   * One character a position, for cuts at 1, 2, … bytes − 1, from the trials with only that cut: see `CELLS`. Of
   * several trials of a position the worst verdict counts.
   */
  readonly cells: string;
}

/** Longest part of a request that a report holds, in bytes. */
export const MAX_REQUEST_BYTES = 65_536;

/** Most frames of a request that a report lists. */
export const MAX_FRAMES = 1000;

/** The results of one plan. */
export interface PlanTally {
  readonly plan: string;
  /** Trials of the whole campaign, not of this shard. */
  readonly planned: number;
  /** What the plan leaves out here, a clause: `3071 of 4095 cuts of drip`. */
  readonly untried?: string;
  readonly pass: number;
  readonly fail: number;
  readonly unconfirmed: number;
  readonly flaky: number;
}

/** The unsplit exchange. `flaky`: the runs differ. `failed`: it had no answer, or the connection broke. */
export interface ControlSummary {
  readonly kind: 'ok' | 'flaky' | 'failed';
  readonly runs: number;
  /** The slowest of the runs. */
  readonly durationMs: number;
  /** The fault, in one sentence; absent when it is `ok`. */
  readonly detail?: string;
  /** The answers of the first run. */
  readonly answers: readonly Excerpt[];
}

/** One trial, in short. */
export interface TrialSummary {
  readonly id: string;
  readonly index: number;
  readonly plan: string;
  /** Total number of pieces of its bursts. */
  readonly pieces: number;
  /** The trial as the plan `at:` takes it; absent when longer than `MAX_SHAPE_CHARS`. */
  readonly shape?: string;
}

/** Longest shape that a report holds, in characters. */
export const MAX_SHAPE_CHARS = 4096;

/** One trial that failed, always or once. */
export interface CaseReport {
  readonly trial: TrialSummary;
  readonly kind: 'fail' | 'flaky';
  /** The failure of the smallest trial that shows it. Absent when it is flaky. */
  readonly verdict?: Fail;
  readonly detail: string;
  /** The smallest trial that still fails, and how many trials it took to find it. */
  readonly shrunk?: { readonly trial: TrialSummary; readonly runs: number };
  /** The case that contains the same smallest failure, by trial id; then this one was not shrunk. */
  readonly like?: string;
  /** Where the cuts of the smallest trial are, one sentence a cut. */
  readonly where: readonly string[];
  /** The bytes around the cuts, as text with each cut marked. */
  readonly dump: string;
  readonly expected: Excerpt;
  readonly received: Excerpt;
  /** The command that repeats the smallest trial. */
  readonly replay?: string;
}

/** The result of a campaign, or of one shard of it. */
export interface ProbeReport {
  readonly version: typeof REPORT_VERSION;
  readonly outcome: Outcome;
  readonly target: string;
  readonly exchange: { readonly name?: string; readonly framing?: string };
  readonly seed: number;
  readonly pace: string;
  /** Which parts of the campaign are in this report. */
  readonly shards: { readonly indexes: readonly number[]; readonly of: number };
  readonly control: ControlSummary;
  readonly sends: readonly SendSummary[];
  readonly plans: readonly PlanTally[];
  /** The results of the trials that glue requests, for the diagnosis. */
  readonly glue: readonly GlueTally[];
  readonly totals: Readonly<Record<VerdictKind, number>>;
  readonly durationMs: number;
  /** How often the target died and was restarted; absent when the campaign did not start it. */
  readonly restarts?: number;
  /** How many trials were completely answered before the last piece was sent: the server does not wait for the end of the request. */
  readonly earlyAnswers?: number;
  /** What was left out, one clause each: the verdict does not cover it. See `notTriedOf`. */
  readonly notTried?: readonly string[];
  readonly diagnosis?: Diagnosis;
  /** The first cases, in the order of the campaign, at most `MAX_CASES`. */
  readonly cases: readonly CaseReport[];
  /** How many more there were. */
  readonly omittedCases: number;
}

/** Most cases that a report shows. */
export const MAX_CASES = 100;

/** Longest excerpt of a request or an answer, in bytes. */
const MAX_EXCERPT_BYTES = 256;

/** Makes the excerpt of `bytes` around `at`. */
export function excerptOf(bytes: Uint8Array, at: number = 0): Excerpt {
  const offset = excerptStart(bytes.length, at);
  return { offset, totalBytes: bytes.length, hex: toHex(bytes.subarray(offset, offset + MAX_EXCERPT_BYTES)) };
}

/** The same for bytes that are already hex. */
export function excerptOfHex(hex: string, at: number = 0): Excerpt {
  const offset = excerptStart(hex.length / 2, at);
  return { offset, totalBytes: hex.length / 2, hex: hex.slice(2 * offset, 2 * (offset + MAX_EXCERPT_BYTES)) };
}

function excerptStart(byteLength: number, at: number): number {
  const latest = Math.max(0, byteLength - MAX_EXCERPT_BYTES);
  return Math.min(Math.max(0, at - MAX_EXCERPT_BYTES / 4), latest);
}
