import { summarizeLatency } from '@socklab/client';
import { hostPort } from '@socklab/service';
import type { LoadPlan, LoadSession } from './options.ts';
import type { FirstFault, LoadTally } from './tally.ts';
import type { LatencySummary, SizeRange } from '@socklab/client';

/** What a load did and measured: the result of `runLoad`, and, as one JSON object, of `udp-multi call … --json`. */
export interface LoadReport {
  /** `HOST:PORT` */
  readonly target: string;
  readonly session: LoadSession;
  readonly seed: number;
  /** Smallest and largest possible datagram, in bytes. */
  readonly sizeBytes: SizeRange;
  readonly sockets: number;
  /** Closed loop: most datagrams in flight on one socket. `null` in an open one. */
  readonly depth: number | null;
  /** Open loop: requested datagrams per second. `null` in a closed one. */
  readonly ratePerSecond: number | null;
  /** Timeout of an answer. */
  readonly timeoutMs: number;
  /** sent = answered + lost */
  readonly datagrams: {
    readonly sent: number;
    /** Answered in time, with every byte correct. */
    readonly answered: number;
    /** Not answered in time. UDP does not tell whether the datagram or the answer was lost. */
    readonly lost: number;
    /** Refused by this machine's system. */
    readonly notSent: number;
    /** Requested or due by the end, and not sent: as many were awaited as can be remembered. 0 when stopped early. */
    readonly unsent: number;
  };
  /** Lost part of those sent, 0 to 1; 0 when none was sent. */
  readonly lossRatio: number;
  /** received = correct + duplicates + late + corrupt + unknown; `correct` is `datagrams.answered`. */
  readonly answers: {
    readonly received: number;
    readonly right: number;
    /** Answers to datagrams that were answered before. */
    readonly duplicates: number;
    /** Answers after the timeout, to datagrams that count as lost. */
    readonly late: number;
    /** Not a valid answer; its datagram still waits for one. */
    readonly corrupt: number;
    /** Correct, but to datagrams so old that it is unknown whether they were answered before. */
    readonly unknown: number;
  };
  /** Of those answered: a later datagram of the socket was answered before. */
  readonly reordered: number;
  /** How often the server's host reported (ICMP) that nothing listens there. */
  readonly refusals: number;
  /** Received datagrams that this machine dropped, because the receive buffers of the load were full; 0 where the system does not tell. */
  readonly kernelDropped: number;
  readonly sentBytes: number;
  readonly answeredBytes: number;
  /** From the first datagram to the last correct answer. */
  readonly durationSeconds: number;
  /** Answered. */
  readonly datagramsPerSecond: number;
  /** Of correct answers, in microseconds, from when the datagram was sent; with a rate, from when it was due. `null` when there was none. */
  readonly roundTrip: LatencySummary | null;
  /** The first wrong answer. */
  readonly firstCorrupt: FirstFault | null;
  /** The first error with which the system did not send; that nothing listens there is not one, see `refusals`. */
  readonly firstSendError: string | null;
  /** Whether it was stopped before it was done. */
  readonly isStopped: boolean;
}

/** The end of a load, besides its tally. */
export interface LoadEnd {
  readonly startMs: number;
  readonly unsent: number;
  readonly kernelDropped: number;
  readonly isStopped: boolean;
}

/** Makes the report of a load from its plan and its counts. */
export function makeReport(plan: LoadPlan, tally: LoadTally, { startMs, unsent, kernelDropped, isStopped }: LoadEnd): LoadReport {
  const { sent, answered, lost, notSent, duplicates, late, corrupt, unknown, reordered, refusals, sentBytes, answeredBytes } = tally;
  const durationSeconds = answered === 0 ? 0 : (tally.lastAnswerMs - startMs) / 1000;
  return {
    target: hostPort(plan.target.host, plan.target.port),
    session: plan.session,
    seed: plan.seed,
    sizeBytes: plan.sizes,
    sockets: plan.sockets,
    depth: plan.depth ?? null,
    ratePerSecond: plan.ratePerSecond ?? null,
    timeoutMs: plan.timeoutMs,
    datagrams: { sent, answered, lost, notSent, unsent },
    lossRatio: sent === 0 ? 0 : lost / sent,
    answers: { received: answered + duplicates + late + corrupt + unknown, right: answered, duplicates, late, corrupt, unknown },
    reordered,
    refusals,
    kernelDropped,
    sentBytes,
    answeredBytes,
    durationSeconds,
    datagramsPerSecond: durationSeconds === 0 ? 0 : answered / durationSeconds,
    roundTrip: summarizeLatency(tally.roundTrip) ?? null,
    firstCorrupt: tally.firstFault ?? null,
    firstSendError: tally.firstSendError ?? null,
    isStopped,
  };
}

/**
 * One line on why a load failed; `undefined` when it did not. UDP loses datagrams: up to `maxLossRatio` that is no failure.
 *
 * @param maxLossRatio - 0 to 1.
 */
export function failureOf(report: LoadReport, maxLossRatio: number = 1): string | undefined {
  const { firstCorrupt, datagrams, lossRatio } = report;
  if (firstCorrupt !== null) return wrong(firstCorrupt, report);
  if (report.firstSendError !== null) return `the system did not send ${datagrams.notSent} datagrams: ${report.firstSendError}`;
  if (datagrams.sent > 0 && datagrams.answered === 0)
    return `none of ${datagrams.sent} datagrams was answered within ${report.timeoutMs} ms`;
  if (lossRatio > maxLossRatio) {
    return `${datagrams.lost} of ${datagrams.sent} datagrams were lost: ${percent(lossRatio)}; allowed: ${percent(maxLossRatio)}`;
  }
  if (datagrams.unsent > 0) return `${datagrams.unsent} datagrams were due and never sent`;
  return undefined;
}

function wrong({ socket, sequence, text }: FirstFault, { answers: { corrupt } }: LoadReport): string {
  const place = sequence === undefined ? `socket ${socket}` : `socket ${socket}, datagram ${sequence}`;
  return `${place}: ${text}${corrupt === 1 ? '' : ` (and ${corrupt - 1} more wrong answers)`}`;
}

/** A ratio for people: `1.5%`, `0.001%`. */
export function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(3))}%`;
}
