import { circumstances, markdownTable } from '@socklab/bench';
import { CHUNKINGS, ENCODING, LARGE_SIZES, SIZES } from '../cells.ts';
import { CONTENDERS } from '../contenders/index.ts';
import { computeTargets } from './targets.ts';
import type { Chunking, Size } from '../cells.ts';
import type { Task } from '../cells.ts';
import type { Contender } from '../contender.ts';
import type { Effort } from '../matrix.ts';
import type { Result, Results } from './results.ts';
import type { Target } from './targets.ts';

/** The conditions of the measurement. */
export interface Conditions {
  readonly load: string;
  readonly effort: Effort;
}

/**
 * The whole report, in Markdown.
 *
 * @param echo additional sections, after the tables.
 */
export function report(results: Results, conditions: Conditions, echo: readonly string[] = []): string {
  const parts = [
    '# Results',
    intro(conditions),
    'What misses its target, by how much and why, with profiles: [MISSES.md](MISSES.md).',
    '## Targets',
    ...targetSections(computeTargets(results)),
    ...CHUNKINGS.flatMap((chunking) => section(`Decode, ${chunking.name}`, 'decode', chunking, results)),
    ...section(`Decode, one frame in many ${CHUNKINGS[0]!.name}`, 'decode', CHUNKINGS[0]!, results, LARGE_SIZES),
    ...CHUNKINGS.flatMap((chunking) => section(`Lines, ${chunking.name}`, 'lines', chunking, results)),
    ...section('Encode', 'encode', ENCODING, results),
    ...echo,
    '## Contenders',
    markdownTable(
      ['contender', 'by', 'frames', 'what it does'],
      CONTENDERS.map(({ name, group, wire, about }) => [`\`${name}\``, group, wire, about]),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

function intro({ load, effort }: Conditions): string {
  const { rounds, warmUpMs, measureMs } = effort;
  return [
    `Written by \`pnpm --filter @socklab/framing bench\`. Nanoseconds of processor time per frame, garbage collection included: median (smallest–largest) of ${rounds}, each from a`,
    `process of its own, in turns, after ${warmUpMs} ms of warming up, over at least ${measureMs} ms. In another process before that, each contender had to find every`,
    'payload (number, lengths, hash of all bytes); in the timed runs its count and sum are checked too. All take length and first byte of',
    'each payload. Behind it what was allocated per frame, in the heap and outside of it. The same payloads for all, each in the frames that the contender knows. Only ratios travel between machines.',
    '',
    ...circumstances(load),
  ].join('\n');
}

function targetSections(targets: readonly Target[]): readonly string[] {
  const rows = targets.map(({ text, allowed, comparisons, isMet }) => {
    const worst = comparisons[0]!;
    const met = comparisons.filter((comparison) => comparison.isMet).length;
    return [
      text,
      worst.where,
      ns(worst.ours),
      ns(worst.reference),
      times(worst.ratio),
      times(allowed),
      `${met} of ${comparisons.length}`,
      isMet ? 'yes' : '**no**',
    ];
  });
  const missed = targets.flatMap(({ text, comparisons }) =>
    comparisons
      .filter(({ isMet }) => !isMet)
      .map(({ where, ours, reference, ratio }) => `- ${text}: ${where}: ${ns(ours)} against ${ns(reference)}, ${times(ratio)}`),
  );
  return [
    'The worst cell of each, and in how many cells it is met.',
    markdownTable(['target', 'worst cell', 'ours', 'reference', 'ratio', 'allowed', 'cells met', 'met'], rows),
    ...(missed.length === 0 ? ['All are met.'] : ['Missed:', missed.join('\n')]),
  ];
}

/** One table, a row a contender and a column a size; empty when no cell of it was measured. */
function section(title: string, task: Task, chunking: Chunking, results: Results, sizes: readonly Size[] = SIZES): readonly string[] {
  const rows = CONTENDERS.filter((contender) => contender.task === task)
    .map((contender) => row(contender, chunking, results, sizes))
    .filter((cells) => cells.slice(1).some((cell) => cell !== ''));
  return rows.length === 0 ? [] : [`## ${title}`, markdownTable(['ns per frame', ...sizes.map(({ name }) => name)], rows)];
}

function row({ name, task }: Contender, chunking: Chunking, results: Results, sizes: readonly Size[]): readonly string[] {
  return [`\`${name}\``, ...sizes.map((size) => shown(results.get(task, size.name, chunking.name, name)))];
}

function shown(result: Result | undefined): string {
  if (result === undefined) return '';
  if (result.kind === 'measured') return `${ns(result.median)} (${ns(result.min)}–${ns(result.max)})${allocated(result.bytesPerFrame)}`;
  return result.kind === 'over' ? `over ${result.msPerFrame} ms` : 'failed';
}

/** `, 225 B`. */
function allocated(bytesPerFrame: number | undefined): string {
  return bytesPerFrame === undefined ? '' : `, ${ns(bytesPerFrame)} B`;
}

/** Three digits: `4.42`, `17.8`, `288`, `5.65k`, `1.20M`. */
function ns(value: number): string {
  if (value >= 999_500) return `${threeDigits(value / 1e6)}M`;
  return value >= 9995 ? `${threeDigits(value / 1000)}k` : threeDigits(value);
}

function threeDigits(value: number): string {
  return value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
}

function times(ratio: number): string {
  return `${threeDigits(ratio)} ×`;
}
