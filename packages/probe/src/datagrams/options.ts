import { ProbeError } from '../errors.ts';
import { DEFAULT_MASKS } from '../trial/masks.ts';
import { checkDatagrams } from './base/exchange.ts';
import { DEFAULT_DATAGRAM_PLANS } from './plans/registry.ts';
import type { Mask } from '../trial/masks.ts';
import type { Exchange } from '../types.ts';
import type { AllowableFailure, DatagramId, DatagramTrial, DatagramVerdict, DatagramVerdictKind } from './base/types.ts';

/** Progress of a campaign over UDP. */
export interface DatagramProgress {
  readonly phase: 'control' | 'trials';
  readonly done: number;
  /** 0 during the control. */
  readonly total: number;
  readonly totals: Readonly<Record<DatagramVerdictKind, number>>;
  readonly elapsedMs: number;
}

/** Options of `probeDatagrams`. */
export interface DatagramProbeOptions {
  /** `host:port`. @defaultValue a free port of 127.0.0.1, when `run` is given */
  readonly target?: string;
  /**
   * The server, started for this campaign: a command line, split into words without a shell, or the words. `{port}` and `{host}` are
   * replaced by the address to listen on. It is restarted when it dies or answers nobody any more, and ended with all its children.
   */
  readonly run?: string | readonly string[];
  /** Each send is one datagram, each wait is for one answer or several: see `datagramExchange` and `createExchange`. */
  readonly exchange: Exchange;
  /** The place of the transaction id in every datagram: it is another one in each. @defaultValue none: all trials send the same bytes */
  readonly id?: DatagramId | undefined;
  /** Such as `lose+truncate`, or one trial, as `truncate:0@17`. @defaultValue all but `glue` */
  readonly plans?: string;
  /** Whether several messages may share a datagram: then `glue` is one of the default plans. @defaultValue false */
  readonly coalesces?: boolean;
  /** What the protocol allows: no failures. @defaultValue none */
  readonly allowed?: readonly AllowableFailure[];
  /** Concurrent trials, 1 to 256. Fewer if the target cannot serve that many. @defaultValue 32 */
  readonly concurrency?: number;
  /** What may differ between two right answers. @defaultValue HTTP dates */
  readonly masks?: readonly Mask[];
  /** Also masks what differs between unharmed runs, if masks can cover it. @defaultValue false */
  readonly autoMask?: boolean;
  /** Longest wait for an answer that must come, in milliseconds. @defaultValue 20 times the slowest control, at least 1000 */
  readonly hangMs?: number;
  /** Longest wait for an answer in the control, in milliseconds. @defaultValue 5000 */
  readonly controlTimeoutMs?: number;
  /** Silence after which nothing more is expected, in milliseconds. @defaultValue 200, and at least 3 times the slowest control */
  readonly quietMs?: number;
  /** How late a delayed datagram arrives, in milliseconds. @defaultValue 500 */
  readonly delayMs?: number;
  /** Most lengths that one datagram is truncated to. @defaultValue 256 */
  readonly maxTruncations?: number;
  /** After this time no more trials start; a report with missing trials never passes. @defaultValue unlimited */
  readonly maxTimeMs?: number;
  /** Declares that a target which is neither loopback nor private may be probed. @defaultValue false */
  readonly iOwnTheTarget?: boolean;
  /** A file for the verdicts; if it exists, its trials are not repeated. */
  readonly journal?: string;
  /** The command of this campaign without its plan, for replay commands in the report. */
  readonly replay?: readonly string[];
  /** Called at most ten times per second, and at each new phase. */
  readonly onProgress?: (progress: DatagramProgress) => void;
  /** Called with the verdict of each trial, in any order. */
  readonly onVerdict?: (trial: DatagramTrial, verdict: DatagramVerdict) => void;
  /** Once it aborts no more trials start, and what was done is reported. */
  readonly stop?: AbortSignal;
  readonly signal?: AbortSignal;
}

/** The options with all defaults. */
export interface DatagramSettings extends DatagramProbeOptions {
  readonly plans: string;
  readonly allowed: readonly AllowableFailure[];
  readonly concurrency: number;
  readonly masks: readonly Mask[];
  readonly controlTimeoutMs: number;
  readonly quietMs: number;
  readonly delayMs: number;
  readonly maxTruncations: number;
}

/** Most concurrent trials: as many sockets are open. */
export const MAX_DATAGRAM_CONCURRENCY = 256;
const LONGEST_MS = 2_147_483_647;

/**
 * Applies the defaults and checks what is asked for.
 *
 * @throws ProbeError `PROBE_ERR_DELIVERY` for a number out of its range, `PROBE_ERR_EXCHANGE` for what cannot be sent as datagrams.
 */
export function datagramSettings(options: DatagramProbeOptions): DatagramSettings {
  const { coalesces = false } = options;
  const settings: DatagramSettings = {
    plans: [...DEFAULT_DATAGRAM_PLANS, ...(coalesces ? ['glue'] : [])].join('+'),
    allowed: [],
    concurrency: 32,
    masks: DEFAULT_MASKS,
    controlTimeoutMs: 5000,
    quietMs: 200,
    delayMs: 500,
    maxTruncations: 256,
    ...options,
  };
  if (settings.target === undefined && settings.run === undefined)
    throw new ProbeError('PROBE_ERR_TARGET', 'there is no target: give its address, or the command that runs it');
  inRange('concurrency', settings.concurrency, MAX_DATAGRAM_CONCURRENCY);
  inRange('maxTruncations', settings.maxTruncations, 65_536);
  for (const name of ['hangMs', 'controlTimeoutMs', 'quietMs', 'delayMs', 'maxTimeMs'] as const) inRange(name, settings[name], LONGEST_MS);
  checkDatagrams(settings.exchange, settings.id);
  return settings;
}

function inRange(name: string, value: number | undefined, max: number): void {
  if (value === undefined || (value >= 1 && value <= max)) return;
  throw new ProbeError('PROBE_ERR_DELIVERY', `${name} is ${value}; allowed: 1 to ${max}`);
}
