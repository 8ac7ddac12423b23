import { isIn } from './direction.ts';
import { PASS } from './plan/stream-plan.ts';
import type { Direction, Directions } from './direction.ts';
import type { StreamPlan } from './plan/stream-plan.ts';
import type { Pace } from '@socklab/probe';
import type { Jitter } from '@socklab/service';

/** What a proxy does to what passes; can be changed while it runs. */
export interface ProxySettings {
  readonly plan: StreamPlan;
  readonly pace: Pace;
  /** The same seed cuts the same connection at the same places. */
  readonly seed: number;
  /** Where plan, pace, latency and rate hold. The other direction passes as it comes. */
  readonly direction: Directions;
  readonly latency: Jitter;
  /** `Infinity` is no limit. */
  readonly bytesPerSecond: number;
}

/** What one direction does. */
export type FlowSettings = Omit<ProxySettings, 'direction'>;

const AS_IT_COMES: Omit<FlowSettings, 'seed'> = {
  plan: PASS,
  pace: { kind: 'none' },
  latency: { delayMs: 0, jitterMs: 0 },
  bytesPerSecond: Number.POSITIVE_INFINITY,
};

/** What one direction of one connection does, with a seed of its own. */
export function flowSettings(settings: ProxySettings, direction: Direction, connection: number): FlowSettings {
  const seed = (Math.imul(settings.seed, 0x9e37_79b1) + connection * 2 + (direction === 'up' ? 0 : 1)) | 0;
  if (!isIn(direction, settings.direction)) return { ...AS_IT_COMES, seed };
  // To wait for what was not cut would glue what comes meanwhile: what passes goes on as it came, unless a pace is asked for.
  const isPassing = settings.plan.text === PASS.text && settings.pace.kind === 'auto';
  return { ...settings, seed, ...(isPassing ? { pace: AS_IT_COMES.pace } : {}) };
}
