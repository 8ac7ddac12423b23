import type { EchoCell, EchoSample } from './measure.ts';

/** Where and how the samples came about. */
export interface EchoConditions {
  readonly machine: string;
  readonly node: string;
  readonly load: string;
  readonly rounds: number;
}

/** The samples as Markdown: a table for each number of connections and depth, medians. */
export function echoReport(
  samples: ReadonlyMap<EchoCell, ReadonlyMap<string, readonly EchoSample[]>>,
  { machine, node, load, rounds }: EchoConditions,
): string {
  const lines = [
    '# Framed echo over sockets',
    '',
    `Written by \`pnpm --filter @socklab/framing bench:echo\`: processor time of the server a message, in microseconds, kernel included; median of ${rounds}`,
    'runs, in turns. In brackets messages a second, what the slowest hundredth of answers takes at least, and resident memory. Clients and server share the',
    'machine, so only ratios within a table count.',
    '',
    `- Machine: ${machine}`,
    `- Load average before the run: ${load}`,
    `- Node ${node}`,
    '',
  ];
  for (const [group, cells] of Map.groupBy(
    samples.keys(),
    ({ connections, depth }) =>
      `${connections === 1 ? '1 connection' : `${connections} connections`}, ${depth === 1 ? '1 message' : `${depth} messages`} under way`,
  )) {
    const names = [...samples.get(cells[0]!)!.keys()];
    lines.push(`## ${group}`, '');
    lines.push(`| µs a message | ${cells.map(({ payloadBytes }) => shownBytes(payloadBytes)).join(' | ')} |`);
    lines.push(`| --- | ${cells.map(() => '---').join(' | ')} |`);
    for (const name of names) lines.push(`| \`${name}\` | ${cells.map((cell) => shown(samples.get(cell)!.get(name)!)).join(' | ')} |`);
    lines.push('');
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

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function shownBytes(byteLength: number): string {
  return byteLength < 1024 ? `${byteLength} B` : `${byteLength / 1024} KiB`;
}
