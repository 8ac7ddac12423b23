import { framingsWithFrames } from '@socklab/probe';
import { InvalidArgumentError, parseDuration } from '@socklab/service';
import { boundaryCutter, middleCutter, prefixCutter } from './frame-cutters.ts';
import { crlfCutter, offsetsCutter, randomCutter, sizesCutter, utf8Cutter } from './stream-cutters.ts';
import type { Cutter } from './batch.ts';
import type { Coalesce } from './coalescer.ts';

/** How a stream is cut and glued. Immutable: the state of a connection is in the cutters that the plan creates. */
export interface StreamPlan {
  /** The plan as written. */
  readonly text: string;
  /** Whether the plan changes nothing. */
  readonly isPass: boolean;
  readonly needsFrames: boolean;
  readonly isGluing: boolean;
  readonly coalesce: Coalesce | undefined;
  /** Creates the cutters of one direction of one connection. */
  readonly createCutters: (seed: number) => readonly Cutter[];
}

interface PlanTerm {
  readonly needsFrames?: boolean;
  readonly isGluing?: boolean;
  readonly coalesce?: Coalesce;
  readonly create?: (seed: number) => Cutter;
}

interface PlanKind {
  readonly usage: string;
  /** Parses the part after the colon; `undefined` if there is no colon. */
  readonly read: (argument: string | undefined, usage: string) => PlanTerm;
}

const MAX_PIECE_BYTES = 16_777_216;
const MAX_NUMBERS = 1024;
const MAX_PARTS = 16;
const MAX_BOUNDARY_OFFSET = 65_536;
const MAX_READS = 1000;
const MAX_COALESCE_MS = 60_000;
const MAX_PLAN_CHARS = 16_384;

const KINDS: Readonly<Record<string, PlanKind>> = {
  pass: { usage: 'pass', read: (argument, usage) => nothingAfter(argument, usage, {}) },
  bytes: {
    usage: 'bytes:N',
    read: (argument, usage) => {
      const size = whole(argument, usage, 1, MAX_PIECE_BYTES);
      return { create: () => sizesCutter([size]) };
    },
  },
  sizes: {
    usage: 'sizes:1,3,7',
    read: (argument, usage) => {
      const sizes = wholes(argument, usage, 1, MAX_PIECE_BYTES);
      return { create: () => sizesCutter(sizes) };
    },
  },
  drip: { usage: 'drip', read: (argument, usage) => nothingAfter(argument, usage, { create: () => sizesCutter([1]) }) },
  random: { usage: 'random:1-64', read: randomPart },
  at: {
    usage: 'at:12,16',
    read: (argument, usage) => {
      const offsets = wholes(argument, usage, 1, Number.MAX_SAFE_INTEGER).toSorted((a, b) => a - b);
      return { create: () => offsetsCutter(offsets) };
    },
  },
  boundary: {
    usage: 'boundary:-1,0,1',
    read: (argument, usage) => {
      const offsets = wholes(argument, usage, -MAX_BOUNDARY_OFFSET, MAX_BOUNDARY_OFFSET);
      return { needsFrames: true, create: () => boundaryCutter(offsets) };
    },
  },
  prefix: { usage: 'prefix', read: (argument, usage) => nothingAfter(argument, usage, { needsFrames: true, create: prefixCutter }) },
  utf8: { usage: 'utf8', read: (argument, usage) => nothingAfter(argument, usage, { create: utf8Cutter }) },
  crlf: { usage: 'crlf', read: (argument, usage) => nothingAfter(argument, usage, { create: crlfCutter }) },
  coalesce: { usage: 'coalesce:n=3 or coalesce:20ms', read: (argument) => ({ coalesce: coalesceOf(argument) }) },
  glue: {
    usage: 'glue',
    read: (argument, usage) => nothingAfter(argument, usage, { needsFrames: true, isGluing: true, create: middleCutter }),
  },
};

/** Syntax of each plan. */
export const PLAN_USAGES: readonly string[] = Object.values(KINDS).map(({ usage }) => usage);

/**
 * Parses plans joined with `+`, such as `coalesce:20ms+bytes:7`. The cuts of all of them are made.
 *
 * @throws InvalidArgumentError saying what was seen and what is allowed.
 */
export function parseStreamPlan(text: string): StreamPlan {
  const words = text.length > MAX_PLAN_CHARS ? [] : text.split('+');
  if (words.length === 0 || words.length > MAX_PARTS) {
    throw new InvalidArgumentError(`a plan of ${text.length} characters: give at most ${MAX_PARTS} plans in ${MAX_PLAN_CHARS} characters.`);
  }
  const parts = words.map(readPart);
  const coalesces = parts.flatMap(({ coalesce }) => coalesce ?? []);
  if (coalesces.length > 1) throw new InvalidArgumentError(`${JSON.stringify(text)} holds back twice: give one coalesce.`);
  const cutters = parts.flatMap(({ create }) => create ?? []);
  return {
    text,
    isPass: cutters.length === 0 && coalesces.length === 0,
    needsFrames: parts.some(({ needsFrames }) => needsFrames === true),
    isGluing: parts.some(({ isGluing }) => isGluing === true),
    coalesce: coalesces[0],
    createCutters: (seed) => cutters.map((create, index) => create((seed + index) | 0)),
  };
}

/** The plan that changes nothing. */
export const PASS: StreamPlan = parseStreamPlan('pass');

/** @throws InvalidArgumentError if the plan needs frames and there is no framing. */
export function requireFraming(plan: Pick<StreamPlan, 'text' | 'needsFrames'>, framing: string | undefined): void {
  if (plan.needsFrames && framing === undefined) {
    throw new InvalidArgumentError(
      `${JSON.stringify(plan.text)} needs to know where frames begin: give --framing, one of ${framingsWithFrames.join(', ')}.`,
    );
  }
}

function readPart(word: string): PlanTerm {
  const [name = '', ...rest] = word.trim().split(':');
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind === undefined) {
    throw new InvalidArgumentError(`unknown plan ${JSON.stringify(name.slice(0, 60))}: give ${PLAN_USAGES.join(', ')}, joined with +.`);
  }
  return kind.read(rest.length === 0 ? undefined : rest.join(':'), kind.usage);
}

function randomPart(argument: string | undefined, usage: string): PlanTerm {
  const [, low, high] = /^(\d{1,9})-(\d{1,9})$/.exec(argument ?? '') ?? [];
  const min = whole(low, usage, 1, MAX_PIECE_BYTES);
  const max = whole(high, usage, min, MAX_PIECE_BYTES);
  return { create: (seed) => randomCutter({ min, max }, seed) };
}

function coalesceOf(argument: string = ''): Coalesce {
  const reads = /^n=(\d{1,9})$/.exec(argument)?.[1];
  if (reads !== undefined) return { kind: 'reads', reads: whole(reads, 'coalesce:n=3', 2, MAX_READS) };
  const ms = parseDuration(argument);
  if (ms >= 1 && ms <= MAX_COALESCE_MS) return { kind: 'time', ms };
  throw new InvalidArgumentError(
    `coalesce takes n=3 or a duration from 1ms to ${MAX_COALESCE_MS}ms, received ${JSON.stringify(argument)}.`,
  );
}

function nothingAfter(argument: string | undefined, usage: string, part: PlanTerm): PlanTerm {
  if (argument === undefined) return part;
  throw new InvalidArgumentError(`${usage} takes nothing after it, received ${JSON.stringify(argument.slice(0, 60))}.`);
}

function wholes(argument: string | undefined, usage: string, min: number, max: number): readonly number[] {
  const texts = (argument ?? '').split(',');
  if (texts.length > MAX_NUMBERS)
    throw new InvalidArgumentError(`${usage} takes at most ${MAX_NUMBERS} numbers, received ${texts.length}.`);
  return texts.map((text) => whole(text, usage, min, max));
}

function whole(text: string | undefined, usage: string, min: number, max: number): number {
  const number = text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
  throw new InvalidArgumentError(`${usage} takes whole numbers ${range}, received ${JSON.stringify(text ?? '')}.`);
}
