import type { Pace } from '@socklab/probe';
import type { Directions, StreamPlan, Trigger } from '@socklab/proxy';
import type { ConnectTarget, Endpoint, Jitter, ServiceFlags } from '@socklab/service';

/** The values of the options: durations in milliseconds, sizes in bytes. */
export interface ProxyFlags extends ServiceFlags {
  readonly listen: readonly Endpoint[];
  readonly target: TargetFlag;
  readonly plan: StreamPlan;
  readonly direction: Directions;
  readonly seed: number;
  readonly pace: Pace;
  readonly framing?: string;
  readonly on: readonly Trigger[];
  readonly latency: Jitter;
  readonly rate: number;
  readonly capture?: string;
  readonly pcapng?: string;
  readonly captureMax: number;
  readonly maxConnections: number;
  readonly connectTimeout: number;
  readonly iOwnTheTarget: boolean;
}

/** Where to connect, and its text. */
export interface TargetFlag {
  readonly text: string;
  readonly where: ConnectTarget;
}
