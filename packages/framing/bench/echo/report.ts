import { markdownTable, median } from '@socklab/bench';
import { SERVERS } from './servers/index.ts';
import type { EchoResults } from './all.ts';
import type { EchoCell, EchoSample } from './measure.ts';

/** The results as sections of Markdown: a table for each number of connections and depth, medians; then what idle connections hold. */
export function echoReport({ samples, idle, foreign, absent }: EchoResults): readonly string[] {
  const groups = Map.groupBy(samples.keys(), (cell) => titleOf(cell));
  const sections = [...groups].flatMap(([title, cells]) => {
    const names = [...samples.get(cells[0]!)!.keys()];
    const rows = names.map((name) => [`\`${name}\``, ...cells.map((cell) => shown(samples.get(cell)!.get(name)!))]);
    return [`### ${title}`, markdownTable(['µs a message', ...cells.map(({ payloadBytes }) => shownBytes(payloadBytes))], rows)];
  });
  return [
    '## Framed echo over sockets',
    [
      'Processor time of the server a message, the kernel’s for it included, in microseconds. In brackets messages a second, what the slowest hundredth of answers takes at least,',
      'and resident memory. Clients and server share the machine.',
    ].join('\n'),
    ...sections,
    ...(idle.size === 0 ? [] : idleSection(idle)),
    markdownTable(
      ['server', 'frames', 'what it does'],
      [...SERVERS, ...foreign].map(({ name, wire, about }) => [`\`${name}\``, wire, about]),
    ),
    ...absent.map(({ name, reason }) => `Not here: \`${name}\` (${reason}).`),
  ];
}

function titleOf({ connections, depth }: EchoCell): string {
  return `${connections === 1 ? '1 connection' : `${connections} connections`}, ${depth === 1 ? '1 message' : `${depth} messages`} under way`;
}

function idleSection(idle: EchoResults['idle']): readonly string[] {
  const connections = Math.max(...[...idle.values()].map((sample) => sample.connections));
  const rows = [...idle].map(([name, { heldBytes, residentBytes }]) => [`\`${name}\``, kib(heldBytes), kib(residentBytes)]);
  return [
    '### Idle connections',
    `What each of ${connections} connections holds that has echoed one message of 1 KiB: in the heap and outside of it after a collection, and resident.`,
    markdownTable(['a connection', 'held', 'resident'], rows),
  ];
}

function shown(samples: readonly EchoSample[]): string {
  if (samples.length === 0) return 'failed';
  const rate = median(samples.map(({ messagesPerSecond }) => messagesPerSecond));
  const memory = median(samples.map(({ residentBytes }) => residentBytes));
  const cpu = median(samples.map(({ cpuUs }) => cpuUs));
  const p99 = median(samples.map(({ p99Us }) => p99Us));
  return `${cpu >= 100 ? cpu.toFixed(0) : cpu.toPrecision(3)} (${digits(rate / 1000)}k/s, ${digits(p99 / 1000)} ms, ${Math.round(memory / 2 ** 20)} MiB)`;
}

/** Two digits, without an exponent. */
function digits(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toPrecision(2);
}

function kib(byteLength: number): string {
  return `${(byteLength / 1024).toFixed(1)} KiB`;
}

function shownBytes(byteLength: number): string {
  return byteLength < 1024 ? `${byteLength} B` : `${byteLength / 1024} KiB`;
}
