import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { circumstances, describeLoad, markdownTable, median } from '@socklab/bench';
import { createConnector, formatTarget, parseTarget, probe, requestExchange } from '@socklab/probe';
import type { Exchange, ProbeReport } from '@socklab/probe';

const REQUEST_BYTES = 4096;
const ROUNDS = 3;
/** One cut at each position of a request this long makes as many trials as the memory is watched for. */
const LONG_REQUEST_BYTES = 50_001;
const MEMORY_AT = [1_000, 10_000, 50_000];

/** The load of the machine; the rates are what was left. */
const load = describeLoad();

interface Cell {
  readonly name: string;
  /** Trials, or exchanges, a second. */
  readonly measure: () => Promise<number>;
  readonly rates: number[];
}

interface MemorySample {
  readonly trials: number;
  readonly rssMiB: number;
  readonly heapMiB: number;
}

/** A request of one frame with a 32-bit length. */
function requestOf(byteLength: number): Exchange {
  const request = Buffer.alloc(byteLength, 'a');
  request.writeUInt32BE(byteLength - 4);
  return requestExchange(request, { framing: 'u32be' });
}

/** Trials per second, from the first trial to the last; the result is checked before it counts. */
async function probed(target: string, pace: string, concurrency: number): Promise<number> {
  let trialsMs = 0;
  let startedAt = 0;
  const report: ProbeReport = await probe({
    target,
    exchange: requestOf(REQUEST_BYTES),
    plans: 'every-cut',
    pace,
    concurrency,
    // On a busy machine a server may not run for a second; that is slow, not a hang.
    hangMs: 10_000,
    onProgress: ({ done, total, elapsedMs }) => {
      if (total > 0 && done === 0) startedAt = elapsedMs;
      if (total > 0 && done === total) trialsMs = elapsedMs - startedAt;
    },
  });
  const wanted = pace === 'drain' ? report.totals.pass : report.totals.unconfirmed;
  if (wanted !== REQUEST_BYTES - 1) throw new Error(`${pace}: ${JSON.stringify(report.totals)}`);
  return (wanted / trialsMs) * 1000;
}

/** The ceiling: the same exchange by hand, unsplit, on a new connection each time, nothing compared or confirmed. */
async function bare(target: string, concurrency: number): Promise<number> {
  const request = Buffer.alloc(REQUEST_BYTES, 'a');
  request.writeUInt32BE(REQUEST_BYTES - 4);
  const connector = await createConnector(parseTarget(target));
  let left = REQUEST_BYTES - 1;
  const startedAt = performance.now();
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const socket = await connector.connect();
      let received = 0;
      socket.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received === REQUEST_BYTES) socket.end();
      });
      socket.write(request);
      await once(socket, 'close');
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return ((REQUEST_BYTES - 1) / (performance.now() - startedAt)) * 1000;
}

async function watchMemory(target: string): Promise<readonly MemorySample[]> {
  const samples: MemorySample[] = [];
  const report = await probe({
    target,
    exchange: requestOf(LONG_REQUEST_BYTES),
    plans: 'every-cut',
    pace: 'drain',
    concurrency: 64,
    hangMs: 10_000,
    onProgress: ({ done }) => {
      const next = MEMORY_AT[samples.length];
      if (next === undefined || done < next) return;
      globalThis.gc?.();
      const { rss, heapUsed } = process.memoryUsage();
      samples.push({ trials: done, rssMiB: rss / 2 ** 20, heapMiB: heapUsed / 2 ** 20 });
    },
  });
  if (report.totals.pass !== LONG_REQUEST_BYTES - 1) throw new Error(JSON.stringify(report.totals));
  return samples;
}

function results(cells: readonly Cell[], memory: readonly MemorySample[]): string {
  const rows = cells.map(({ name, rates }) => {
    const whole = [median(rates), Math.min(...rates), Math.max(...rates)].map((rate) => rate.toFixed(0));
    return [name, whole[0]!, `${whole[1]} – ${whole[2]}`, `${((REQUEST_BYTES - 1) / median(rates)).toFixed(2)} s`];
  });
  const samples = memory.map(({ trials, rssMiB, heapMiB }) => [String(trials), rssMiB.toFixed(0), heapMiB.toFixed(1)]);
  return `# How fast trials are

Every single cut of a request of ${REQUEST_BYTES} bytes (${REQUEST_BYTES - 1} trials, each on a connection of its own) against a right server in
another process on the same machine. With \`drain\` every trial is confirmed: the second piece goes out when the kernel shows that the first one was
read. The medians of ${ROUNDS} rounds, which take turns.

${markdownTable(['what', 'a second', 'lowest – highest', 'all cuts'], rows)}

Memory in one campaign of ${LONG_REQUEST_BYTES - 1} confirmed trials, after a collection:

${markdownTable(['trials', 'RSS, MiB', 'heap, MiB'], samples)}

${circumstances(load).join('\n')}

Written by \`pnpm --filter @socklab/probe bench\`. Without Perl the tables of the kernel are read, which takes longer the larger its hash of connections
is, which follows from the memory of the machine, and the more connections rest in TIME_WAIT. What a trial is made of: [MISSES.md](MISSES.md).
`;
}

interface BenchServer extends Disposable {
  readonly target: string;
}

async function startServer(host: string): Promise<BenchServer> {
  const file = fileURLToPath(new URL('server.ts', import.meta.url));
  const server = spawn(process.execPath, ['--conditions=@socklab/source', file, host], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [first] = (await once(server.stdout, 'data')) as [Buffer];
  const port = first.toString().trim();
  return { target: formatTarget({ kind: 'tcp', host, port: Number(port) }), [Symbol.dispose]: () => void server.kill() };
}

using server = await startServer('127.0.0.1');
// Connections in TIME_WAIT after the fast runs would slow down those that read the table, where Perl is missing; IPv6 has a table of its own.
using other = await startServer('::1');
const cells: readonly Cell[] = [
  { name: 'probe, `drain`, 64 connections (default)', measure: () => probed(server.target, 'drain', 64), rates: [] },
  { name: 'probe, `drain`, 32 connections', measure: () => probed(server.target, 'drain', 32), rates: [] },
  { name: 'probe, `gap:5ms` (proves nothing), 64 connections', measure: () => probed(other.target, 'gap:5ms', 64), rates: [] },
  { name: 'probe, `none` (proves nothing), 64 connections', measure: () => probed(other.target, 'none', 64), rates: [] },
  { name: 'by hand, uncut, nothing confirmed or compared, 64 connections', measure: () => bare(other.target, 64), rates: [] },
];
for (let round = 0; round < ROUNDS; round++) {
  for (const { name, measure, rates } of cells) {
    const rate = await measure();
    rates.push(rate);
    process.stdout.write(`${name}: ${Math.round(rate)}/s\n`);
  }
}
const text = results(cells, await watchMemory(server.target));
process.stdout.write(`\n${text}`);
writeFileSync(new URL('RESULTS.md', import.meta.url), text);
