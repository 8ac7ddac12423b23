import { InvalidArgumentError, parseSize } from '@socklab/service';

/** Sizes, in bytes: each from `min` to `max`, both included. */
export interface SizeRange {
  readonly min: number;
  readonly max: number;
}

/** The highest rate of a load, in messages per second: its schedule has a resolution of one microsecond. */
export const MAX_RATE_PER_SECOND = 1_000_000;

/** A range of two sizes: it begins at the first dots after a number, because `1.5KiB..2KiB` has dots of its own. */
const RANGE = /^(.+?)\.\.(.+)$/;

/**
 * Makes the parser of one size or a range of sizes: `64`, `1KiB`, `16..1KiB`.
 * @param min - The least, in bytes.
 * @param max - The most, in bytes. @defaultValue any
 * @returns A function that throws InvalidArgumentError for anything else, including reversed ranges.
 */
export function sizesBetween(min: number, max: number = Number.POSITIVE_INFINITY): (text: string) => SizeRange {
  return (text) => {
    const [, from = text, to = text] = RANGE.exec(text) ?? [];
    const sizes = { min: parseSize(from), max: parseSize(to) };
    if (sizes.min >= min && sizes.max >= sizes.min && sizes.max <= max) return sizes;
    const allowed = max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max} bytes`;
    throw new InvalidArgumentError(`${JSON.stringify(text)} is not a size to send: give ${allowed}, ranges upwards: 64, 16..1KiB.`);
  };
}

/**
 * Reads how many messages a second a load sends: `1000/s`, `600/m`, or `off`.
 * @returns Messages per second, at most 1,000,000; 0 for `off`: as fast as the answers arrive.
 * @throws InvalidArgumentError for anything else.
 */
export function parseLoadRate(text: string): number {
  if (text === 'off') return 0;
  const match = /^(\d+(?:\.\d+)?)\/(s|m)$/.exec(text);
  const perSecond = Number(match?.[1] ?? 0) / (match?.[2] === 'm' ? 60 : 1);
  if (perSecond > 0 && perSecond <= MAX_RATE_PER_SECOND) return perSecond;
  throw new InvalidArgumentError(
    `${JSON.stringify(text)} is not a rate: give a number per second or minute, at most 1000000/s: 1000/s, 30/m, off.`,
  );
}
