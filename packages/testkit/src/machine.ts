import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** The machine that a benchmark ran on, as its results tell it: `AMD EPYC, 2 cores, 24 GiB, Linux 6.18.44`. */
export function describeMachine(): string {
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  return `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${memoryGiB} GiB, ${type()} ${release()}`;
}

/** How busy it is right now: the load averages of one, five and fifteen minutes. */
export function describeLoad(): string {
  return loadavg()
    .map((average) => average.toFixed(2))
    .join(', ');
}

/** The words of a list such as `tcp-echo, c-libuv`, which may be empty. */
export function wordsOf(list: string): readonly string[] {
  return list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
