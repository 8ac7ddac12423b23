import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import type { Absent } from './contenders.ts';

/** The machine that a benchmark runs on: `AMD EPYC, 2 cores, 24 GiB, Linux 6.18.44`. */
export function describeMachine(): string {
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  return `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${memoryGiB} GiB, ${type()} ${release()}`;
}

/** The current load averages of one, five and fifteen minutes. */
export function describeLoad(): string {
  return loadavg()
    .map((average) => average.toFixed(2))
    .join(', ');
}

/**
 * The list, in Markdown, of the conditions of a benchmark and the missing contenders.
 *
 * @param load - From before the run: afterwards it is the benchmark's own.
 */
export function circumstances(load: string, absent: readonly Absent[] = []): readonly string[] {
  return [
    `- Machine: ${describeMachine()}`,
    `- Load average before the run: ${load}`,
    `- Node ${process.versions.node}`,
    ...absent.map(({ name, reason }) => `- Not here: ${name} (${reason})`),
  ];
}
