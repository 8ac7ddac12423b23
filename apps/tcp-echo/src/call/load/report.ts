import { summarizeLatency } from '@socklab/client';
import { hostPort } from '@socklab/service';
import type { Fault, FaultKind } from '../verify/fault.ts';
import type { LoadPlan } from './options.ts';
import type { LatencySummary, SizeRange } from '@socklab/client';
import type { ConnectTarget } from '@socklab/service';
import type { RecordableHistogram } from 'node:perf_hooks';

/** What a load did and measured: the result of `runLoad`, and, as one JSON object, of `tcp-echo call … --json`. */
export interface LoadReport {
  /** The server: `HOST:PORT` or `unix:/path`. */
  readonly target: string;
  readonly framing: string;
  readonly isTls: boolean;
  readonly seed: number;
  /** Smallest and largest possible payload, in bytes. */
  readonly sizeBytes: SizeRange;
  /** Most messages in flight on one connection. */
  readonly depth: number;
  /** Requested messages per second; `null` when each was sent as soon as there was room. */
  readonly ratePerSecond: number | null;
  readonly connections: {
    readonly requested: number;
    readonly opened: number;
    /** How many of those opened failed before the end. */
    readonly lost: number;
  };
  readonly messages: {
    readonly sent: number;
    /** Answered, with every byte as it was sent. */
    readonly answered: number;
    /** Sent, and not answered. */
    readonly unanswered: number;
    /** Requested or due by the end, and not sent: no connection was left, or none had room. 0 when stopped early. */
    readonly unsent: number;
  };
  /** Payload bytes of the answered messages, each way. */
  readonly payloadBytes: number;
  /** From the first message sent to the last one answered. */
  readonly durationSeconds: number;
  readonly messagesPerSecond: number;
  /** Payload, one way. */
  readonly mebibytesPerSecond: number;
  /** From when a message was due (sent, without a rate) to its last byte, in microseconds. `null` when none was answered. */
  readonly latency: LatencySummary | null;
  /** How many connections ended in each kind of fault, for all kinds. */
  readonly errors: Readonly<Record<FaultKind, number>>;
  /** The fault to look at: the first one, with wrong answers before any other. */
  readonly firstError: (Fault & { readonly connection: number }) | null;
  /** Whether it was stopped before it was done. */
  readonly isStopped: boolean;
}

/** The counts of a load, for its report. */
export interface LoadTally {
  readonly opened: number;
  readonly lost: number;
  readonly sent: number;
  readonly answered: number;
  readonly unsent: number;
  readonly payloadBytes: number;
  readonly durationMs: number;
  readonly latency: RecordableHistogram;
  readonly errors: Readonly<Record<FaultKind, number>>;
  readonly firstError: (Fault & { readonly connection: number }) | undefined;
  readonly isStopped: boolean;
}

/** Makes the report of a load from its plan and its counts. */
export function makeReport(plan: LoadPlan, tally: LoadTally): LoadReport {
  const { opened, lost, sent, answered, unsent, payloadBytes, errors, firstError, isStopped } = tally;
  const durationSeconds = tally.durationMs / 1000;
  const perSecond = (amount: number): number => (durationSeconds === 0 ? 0 : amount / durationSeconds);
  return {
    target: formatTarget(plan.target),
    framing: plan.framing.name,
    isTls: plan.tls !== undefined,
    seed: plan.seed,
    sizeBytes: plan.sizes,
    depth: plan.depth,
    ratePerSecond: plan.ratePerSecond ?? null,
    connections: { requested: plan.connections, opened, lost },
    messages: { sent, answered, unanswered: sent - answered, unsent },
    payloadBytes,
    durationSeconds,
    messagesPerSecond: perSecond(answered),
    mebibytesPerSecond: perSecond(payloadBytes) / 1024 ** 2,
    latency: summarizeLatency(tally.latency) ?? null,
    errors,
    firstError: firstError ?? null,
    isStopped,
  };
}

function formatTarget(target: ConnectTarget): string {
  if ('path' in target) return `unix:${target.path.replace(/^\0/, '@')}`;
  return hostPort(target.host, target.port);
}

/** One line on why a load failed; `undefined` when every message that had to be answered was answered correctly. */
export function failureOf(report: LoadReport): string | undefined {
  const { firstError, messages, connections } = report;
  if (firstError !== null) return `${place(firstError)}: ${firstError.text}${others(report)}`;
  if (messages.unanswered > 0) return `${messages.unanswered} of ${messages.sent} messages were not answered`;
  if (messages.unsent > 0)
    return `${messages.unsent} messages were due and never sent: ${counted(connections.opened, 'connection')} had no room for them`;
  return undefined;
}

function place({ connection, message }: NonNullable<LoadReport['firstError']>): string {
  return message === undefined ? `connection ${connection}` : `connection ${connection}, message ${message}`;
}

function others({ errors }: LoadReport): string {
  const count = Object.values(errors).reduce((sum, each) => sum + each, 0) - 1;
  return count === 0 ? '' : ` (and ${counted(count, 'more connection')} failed)`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
