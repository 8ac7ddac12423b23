import { ProbeError } from '../errors.ts';
import type { ReadState } from '../kernel/queue-poller.ts';

/**
 * When the next piece is sent. `drain`: when the peer has read the previous one, according to the kernel. `gap`: after a pause,
 * which makes separate reads likely and proves none. `none`: at once. `auto`: `drain` where the peer's queue is visible, else
 * `gap`.
 */
export type Pace = SeeingPace | { readonly kind: 'gap'; readonly ms: number } | { readonly kind: 'none' };

/** A pace that sees what the peer has read. */
export interface SeeingPace {
  readonly kind: 'drain' | 'auto';
  /** Who tells that the peer has read. @defaultValue the kernel's tables */
  readonly observer?: ReadObserver;
  /** Longest wait for one piece; then the next is sent unconfirmed. @defaultValue 1000, `probe`: three times the slowest control, at least that */
  readonly timeoutMs?: number;
}

/** `preload`: as `drain`, according to a library that is loaded into the server which the campaign starts: see `ProbeOptions.run`. */
export interface PreloadPace {
  readonly kind: 'preload';
  /** As that of `drain`. */
  readonly timeoutMs?: number;
}

/** Sees what the peer of a connection has read. */
export interface ReadObserver {
  /** The pace that it makes. */
  readonly name: string;
  /** Waits until everything written was read. @throws the signal's reason, once it aborts. */
  untilRead(connection: Connected, wait: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined }): Promise<ReadState>;
}

/** A connection by its port here. */
interface Connected {
  readonly localPort?: number | undefined;
}

/** Longest wait until one piece is read, in milliseconds. */
export const DEFAULT_DRAIN_TIMEOUT_MS = 1_000;
/** The pause of `auto` where it cannot see the peer's queue, in milliseconds. */
export const AUTO_GAP_MS = 5;

const LONGEST_GAP_MS = 60_000;
const GAP = /^gap:(?<count>\d+(?:\.\d+)?)(?<unit>ms|s)$/;

/** Whether a pace sees what the peer has read. */
export function isSeeing(pace: Pace | PreloadPace): pace is SeeingPace {
  return pace.kind === 'drain' || pace.kind === 'auto';
}

/**
 * Parses a pace of a command line: `drain`, `gap:5ms`, `none`, `auto`.
 *
 * @throws ProbeError `PROBE_ERR_DELIVERY` naming what is allowed.
 */
export function parsePace(text: string): Pace {
  const pace = readPace(text);
  if (pace === undefined) throw unknownPace(text, 'drain, auto, none');
  return pace;
}

/**
 * Parses a pace of a campaign: what {@link parsePace} takes, and `preload`.
 *
 * @throws ProbeError `PROBE_ERR_DELIVERY` naming what is allowed.
 */
export function parseServerPace(text: string): Pace | PreloadPace {
  const pace = text === 'preload' ? ({ kind: text } as const) : readPace(text);
  if (pace === undefined) throw unknownPace(text, 'drain, auto, none, preload');
  return pace;
}

function readPace(text: string): Pace | undefined {
  if (text === 'drain' || text === 'auto' || text === 'none') return { kind: text };
  const { count, unit } = GAP.exec(text)?.groups ?? {};
  const ms = Number(count) * (unit === 's' ? 1_000 : 1);
  return ms > 0 && ms <= LONGEST_GAP_MS ? { kind: 'gap', ms } : undefined;
}

function unknownPace(text: string, names: string): ProbeError {
  return new ProbeError(
    'PROBE_ERR_DELIVERY',
    `unknown pace ${JSON.stringify(text)}; allowed: ${names} and gap:5ms with a gap above 0 and up to 60s`,
  );
}

/** The text that {@link parseServerPace} reads as this pace. */
export function formatPace(pace: Pace | PreloadPace): string {
  if (pace.kind === 'gap') return `gap:${pace.ms}ms`;
  return (isSeeing(pace) ? pace.observer?.name : undefined) ?? pace.kind;
}
