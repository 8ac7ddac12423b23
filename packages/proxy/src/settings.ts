import { isIn } from './direction.ts';
import { PASS } from './plan/stream-plan.ts';
import type { Direction, Directions } from './direction.ts';
import type { StreamPlan } from './plan/stream-plan.ts';
import type { Pace } from '@socklab/probe';
import type { Jitter } from '@socklab/service';

/** How a proxy cuts, delays and limits the traffic. Can be changed while it runs. */
export interface ProxySettings {
  readonly plan: StreamPlan;
  readonly pace: Pace;
  /** Seed of the random cuts: the same seed cuts the same connection at the same places. */
  readonly seed: number;
  /** Directions that plan, pace, latency and rate apply to. The other direction is passed on unchanged. */
  readonly direction: Directions;
  readonly latency: Jitter;
  /** Bytes per second; `Infinity` is no limit. */
  readonly bytesPerSecond: number;
}

/** Settings of one direction. */
export type FlowSettings = Omit<ProxySettings, 'direction'>;

const AS_IT_COMES: Omit<FlowSettings, 'seed'> = {
  plan: PASS,
  pace: { kind: 'none' },
  latency: { delayMs: 0, jitterMs: 0 },
  bytesPerSecond: Number.POSITIVE_INFINITY,
};

/** Settings of one direction of one connection, with its own seed. */
export function flowSettings(settings: ProxySettings, direction: Direction, connection: number): FlowSettings {
  const seed = (Math.imul(settings.seed, 0x9e37_79b1) + connection * 2 + (direction === 'up' ? 0 : 1)) | 0;
  if (!isIn(direction, settings.direction)) return { ...AS_IT_COMES, seed };
  // Waiting after an uncut read would glue the reads that arrive meanwhile: `pass` sends at once unless a pace was asked for.
  const isPassing = settings.plan.text === PASS.text && settings.pace.kind === 'auto';
  return { ...settings, seed, ...(isPassing ? { pace: AS_IT_COMES.pace } : {}) };
}
