import { ProbeError } from '../errors.ts';

/**
 * When the next piece is sent. `drain`: when the peer has read the previous one, according to the kernel. `gap`: after a pause,
 * which makes separate reads likely and proves none. `none`: at once. `auto`: `drain` where the peer's queue is visible, else
 * `gap`.
 */
export type Pace =
  | {
      readonly kind: 'drain' | 'auto';
      /** Longest wait for one piece; then the next is sent unconfirmed. @defaultValue 1000, `probe`: three times the slowest control, at least that */
      readonly timeoutMs?: number;
    }
  | { readonly kind: 'gap'; readonly ms: number }
  | { readonly kind: 'none' };

/** Longest wait until one piece is read, in milliseconds. */
export const DEFAULT_DRAIN_TIMEOUT_MS = 1_000;
/** The pause of `auto` where it cannot see the peer's queue, in milliseconds. */
export const AUTO_GAP_MS = 5;

const LONGEST_GAP_MS = 60_000;
const GAP = /^gap:(?<count>\d+(?:\.\d+)?)(?<unit>ms|s)$/;

/**
 * Parses a pace of a command line: `drain`, `gap:5ms`, `none`, `auto`.
 *
 * @throws ProbeError `PROBE_ERR_DELIVERY` naming what is allowed.
 */
export function parsePace(text: string): Pace {
  if (text === 'drain' || text === 'auto' || text === 'none') return { kind: text };
  const { count, unit } = GAP.exec(text)?.groups ?? {};
  const ms = Number(count) * (unit === 's' ? 1_000 : 1);
  if (ms > 0 && ms <= LONGEST_GAP_MS) return { kind: 'gap', ms };
  throw new ProbeError(
    'PROBE_ERR_DELIVERY',
    `unknown pace ${JSON.stringify(text)}; allowed: drain, auto, none and gap:5ms with a gap above 0 and up to 60s`,
  );
}

/** The text that {@link parsePace} reads as this pace. */
export function formatPace(pace: Pace): string {
  return pace.kind === 'gap' ? `gap:${pace.ms}ms` : pace.kind;
}
