import { InvalidArgumentError, parseDuration, parseSize } from '@socklab/service';
import type { Direction } from '../direction.ts';

/** Condition of a trigger. */
export type Condition =
  | { readonly kind: 'frame'; readonly nth: number }
  | { readonly kind: 'bytes'; readonly count: number }
  | { readonly kind: 'match'; readonly expression: RegExp };

/**
 * Action of a trigger, once per connection. `stall` holds the traffic for a time. `rst` resets both connections. `fin` ends the
 * direction after the frame, the bytes or the match; `truncate` ends it in the middle of them. `slow` limits the rate from there on.
 */
export type Action =
  | { readonly kind: 'stall'; readonly ms: number }
  | { readonly kind: 'rst' | 'fin' | 'truncate' }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number };

/** An action and the traffic that fires it. */
export interface Trigger {
  /** The trigger as written. */
  readonly text: string;
  /** Direction to search; both if absent. */
  readonly direction: Direction | undefined;
  readonly condition: Condition;
  readonly action: Action;
}

const FORM = /^(?:(?<direction>up|down)\s+)?(?<condition>.+?)\s+do\s+(?<action>\S+)$/s;
const MAX_TEXT_CHARS = 4096;
const USAGE =
  "'frame:3 do stall:2s': [up|down] frame:N, bytes:N or match:REGEX, then do, then stall:2s, rst, fin, truncate or slow:10KiB/s";

/**
 * Parses a trigger as written on the command line.
 *
 * @throws InvalidArgumentError saying what was seen and what is allowed.
 */
export function parseTrigger(text: string): Trigger {
  const { direction, condition, action } = (text.length > MAX_TEXT_CHARS ? null : FORM.exec(text.trim()))?.groups ?? {};
  if (condition === undefined || action === undefined) throw wrong(text);
  return {
    text,
    direction: direction as Direction | undefined,
    condition: readCondition(condition, text),
    action: readAction(action, text),
  };
}

/**
 * Parses a rate: `10KiB/s`, or `off` for none.
 *
 * @returns bytes per second; `Infinity` for `off`.
 * @throws InvalidArgumentError for anything else, and for 0.
 */
export function parseByteRate(text: string): number {
  if (text === 'off') return Number.POSITIVE_INFINITY;
  const size = /^(.+)\/s$/.exec(text)?.[1];
  const bytesPerSecond = size === undefined ? 0 : parseSize(size);
  if (bytesPerSecond > 0) return bytesPerSecond;
  throw new InvalidArgumentError(`${JSON.stringify(text)} is not a rate: give bytes a second, as in 10KiB/s, or off.`);
}

function readCondition(text: string, whole: string): Condition {
  const [, kind, argument = ''] = /^(frame|bytes|match):(.+)$/s.exec(text) ?? [];
  if (kind === 'match') return { kind, expression: readExpression(argument) };
  const count = /^\d{1,15}$/.test(argument) ? Number(argument) : 0;
  if (count < 1 || kind === undefined) throw wrong(whole);
  return kind === 'frame' ? { kind, nth: count } : { kind: 'bytes', count };
}

function readExpression(source: string): RegExp {
  try {
    return new RegExp(source, 'g');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InvalidArgumentError(`match:${source}: ${error.message}.`);
  }
}

function readAction(text: string, whole: string): Action {
  if (text === 'rst' || text === 'fin' || text === 'truncate') return { kind: text };
  const [, kind, argument = ''] = /^(stall|slow):(.+)$/.exec(text) ?? [];
  if (kind === 'stall') return { kind, ms: parseDuration(argument) };
  if (kind === 'slow') return { kind, bytesPerSecond: parseByteRate(argument) };
  throw wrong(whole);
}

function wrong(text: string): InvalidArgumentError {
  return new InvalidArgumentError(`${JSON.stringify(text.slice(0, 80))} is not a trigger: write it as ${USAGE}.`);
}
