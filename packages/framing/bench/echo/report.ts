import { circumstances, markdownTable, median } from '@socklab/bench';
import type { EchoCell, EchoSample } from './measure.ts';

/** How the samples came about. */
export interface EchoConditions {
  readonly load: string;
  readonly rounds: number;
}

/** The samples as Markdown: a table for each number of connections and depth, medians. */
export function echoReport(
  samples: ReadonlyMap<EchoCell, ReadonlyMap<string, readonly EchoSample[]>>,
  { load, rounds }: EchoConditions,
): string {
  const lines = [
    '# Framed echo over sockets',
    '',
    `Written by \`pnpm --filter @socklab/framing bench:echo\`: processor time of the server a message, in microseconds, kernel included; median of ${rounds}`,
    'runs, in turns. In brackets messages a second, what the slowest hundredth of answers takes at least, and resident memory. Clients and server share the',
    'machine, so only ratios within a table count.',
    '',
    ...circumstances(load),
    '',
  ];
  for (const [group, cells] of Map.groupBy(
    samples.keys(),
    ({ connections, depth }) =>
      `${connections === 1 ? '1 connection' : `${connections} connections`}, ${depth === 1 ? '1 message' : `${depth} messages`} under way`,
  )) {
    const names = [...samples.get(cells[0]!)!.keys()];
    lines.push(`## ${group}`, '');
    const rows = names.map((name) => [`\`${name}\``, ...cells.map((cell) => shown(samples.get(cell)!.get(name)!))]);
    lines.push(markdownTable(['µs a message', ...cells.map(({ payloadBytes }) => shownBytes(payloadBytes))], rows), '');
  }
  return lines.join('\n');
}

function shown(samples: readonly EchoSample[]): string {
  if (samples.length === 0) return 'failed';
  const rate = median(samples.map(({ messagesPerSecond }) => messagesPerSecond));
  const memory = median(samples.map(({ residentBytes }) => residentBytes));
  const cpu = median(samples.map(({ cpuUs }) => cpuUs));
  const p99 = median(samples.map(({ p99Us }) => p99Us));
  return `${cpu.toPrecision(3)} (${Math.round(rate / 1000)}k/s, ${(p99 / 1000).toPrecision(2)} ms, ${Math.round(memory / 2 ** 20)} MiB)`;
}

function shownBytes(byteLength: number): string {
  return byteLength < 1024 ? `${byteLength} B` : `${byteLength / 1024} KiB`;
}
