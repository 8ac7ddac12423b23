// Serves for a long time, with well-behaved and misbehaving clients: memory and p99 must stay flat. Then for the same time, in
// every framing in turn, with strangers that compare every byte: none may reach another.
//   pnpm --filter tcp-echo soak 10m
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MEASURED_TURNS, TurnMeter, median, residentBytes, startListening } from '@socklab/bench';
import { FRAMINGS } from '@socklab/framing';
import { parseDuration } from '@socklab/service';
import { failureOf, runLoad } from '../src/call/index.ts';
import { ServerLog } from './strangers/server-log.ts';
import { runStrangers } from './strangers/strangers.ts';
import type { Listening } from '@socklab/bench';
import type { Socket } from 'node:net';

/** One section of the run, and the state of the server at its end. */
interface Stretch {
  readonly messages: number;
  readonly p99Us: number;
  /** The slowest answer to a client that behaves. */
  readonly slowestUs: number;
  /** Of the event loop, in milliseconds of processor time. */
  readonly longestTurnMs: number;
  readonly residentBytes: number;
}

const STRETCHES = 12;
const MESSAGES_PER_SECOND = 1000;
/** This many misbehaving clients connect each second. */
const NASTY_PER_SECOND = 10;

// How far the last third may be above the first: more is growth, less is noise of the machine.
const MAX_GROWTH_BYTES = 8 * 1024 * 1024;
const MAX_P99_FACTOR = 3;
/** Below this, a p99 is noise of the machine. */
const NOTABLE_P99_US = 50_000;

const MANY = ['--max-per-ip', '1024', '--accept-rate', '10000/s', '--slow-timeout', '2s', '--frame-timeout', '2s'];
const SERVE = ['--listen', 'tcp://127.0.0.1:0', '--log-format', 'json', '--framing', 'u32be', ...MANY];

// V8 enlarges its young generation step by step, up to three times 16 MiB, unless something else triggers a collection: that is not our growth,
// and would hide it.
const YOUNG_GENERATION = '--max-semi-space-size=2';

/** What misbehaving clients do. */
const NASTY: readonly ((client: Socket) => void)[] = [
  (client) => client.resetAndDestroy(),
  (client) => void client.write(Buffer.from('0000', 'hex'), () => client.resetAndDestroy()),
  (client) => void client.write(Buffer.from('ffffffff', 'hex')),
  // Disconnected at the frame timeout.
  (client) => void client.write(Buffer.from('00000010ab', 'hex')),
  // Disconnected at the slow timeout: it does not read the answers.
  (client) => void client.pause().write(Buffer.alloc(16 * 1024 * 1024)),
];

const wantedMs = parseDuration(process.argv[2] ?? '10m');
const growths = await soak(wantedMs);
for (const growth of growths) process.stderr.write(`${growth}\n`);
process.exitCode = growths.length === 0 ? 0 : 1;
await meetStrangers(wantedMs);

async function meetStrangers(durationMs: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tcp-echo-soak-'));
  const file = fileURLToPath(new URL('strangers/brittle-server.ts', import.meta.url));
  process.stdout.write('framing         connections  compared MiB  bystander  slowest ms  turn ms  cut for a limit\n');
  try {
    for (const [index, framing] of FRAMINGS.entries()) {
      const path = join(folder, String(index));
      const command = [process.execPath, ...MEASURED_TURNS, '--conditions=@socklab/source', file, framing.name, path];
      const log = new ServerLog();
      const turns = new TurnMeter();
      await using server = await startListening(command, (line) => {
        log.note(line);
        turns.note(line);
      });
      await turns.longestMs(server.pid);
      const { endings, comparedBytes, cut, bystander } = await runStrangers({
        framing,
        log,
        connect(nth) {
          const isUnix = nth % 2 !== 0;
          const where = isUnix ? { path } : { port: server.port, host: '127.0.0.1' };
          return { socket: connect({ ...where, noDelay: true, allowHalfOpen: true }), isUnix };
        },
        // Each run uses another seed; a failure reports it.
        seed: Date.now() % 1_000_000,
        connections: Number.POSITIVE_INFINITY,
        untilMs: performance.now() + durationMs / FRAMINGS.length,
      });
      const connections = Object.values(endings).reduce((sum, count) => sum + count, 0);
      const reasons = Object.entries(cut).map(([reason, count]) => `${reason} ${count}`);
      const cells = [
        framing.name.padEnd(15),
        String(connections).padStart(11),
        (comparedBytes / 2 ** 20).toFixed(0).padStart(13),
        String(bystander.rounds).padStart(10),
        bystander.slowestMs.toFixed(1).padStart(11),
        (await turns.longestMs(server.pid)).toFixed(1).padStart(8),
      ];
      process.stdout.write(`${cells.join(' ')}  ${reasons.join(', ')}\n`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function soak(totalMs: number): Promise<readonly string[]> {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const command = [process.execPath, YOUNG_GENERATION, ...MEASURED_TURNS, '--conditions=@socklab/source', main, ...SERVE];
  const turns = new TurnMeter();
  await using server = await startListening(command, (line) => turns.note(line));
  // What loading code and growing the heap cost once is not growth.
  await stretch(server, turns, Math.min(10_000, totalMs / STRETCHES));
  let nth = 0;
  const nasty = setInterval(() => misbehave(server.port, NASTY[nth++ % NASTY.length]!), 1000 / NASTY_PER_SECOND);
  const stretches: Stretch[] = [];
  process.stdout.write('stretch  messages    p99 ms  slowest ms  turn ms  resident MiB\n');
  for (let index = 1; index <= STRETCHES; index++) {
    const each = await stretch(server, turns, totalMs / STRETCHES);
    stretches.push(each);
    const cells = [
      String(index).padStart(7),
      String(each.messages).padStart(9),
      (each.p99Us / 1000).toFixed(2).padStart(9),
      (each.slowestUs / 1000).toFixed(1).padStart(11),
      each.longestTurnMs.toFixed(1).padStart(8),
      (each.residentBytes / 2 ** 20).toFixed(1).padStart(13),
    ];
    process.stdout.write(`${cells.join(' ')}\n`);
  }
  clearInterval(nasty);
  return judge(stretches);
}

async function stretch({ port, pid }: Listening, turns: TurnMeter, durationMs: number): Promise<Stretch> {
  const report = await runLoad({
    target: { host: '127.0.0.1', port },
    connections: 50,
    depth: 200,
    ratePerSecond: MESSAGES_PER_SECOND,
    sizes: { min: 16, max: 4096 },
    framing: 'u32be',
    durationMs: Math.round(durationMs),
    timeoutMs: 20_000,
  });
  // Messages that were due but had no room are due to the machine, when it stalled; those that were sent must be answered.
  const { messages, firstError, latency } = report;
  if (firstError !== null || messages.unanswered > 0 || latency === null) throw new Error(failureOf(report) ?? 'nothing was answered');
  const longestTurnMs = await turns.longestMs(pid);
  return {
    messages: messages.answered,
    p99Us: latency.p99Us,
    slowestUs: latency.maxUs,
    longestTurnMs,
    residentBytes: residentBytes(pid),
  };
}

function misbehave(port: number, act: (client: Socket) => void): void {
  const client = connect({ port, host: '127.0.0.1' }, () => act(client));
  client.on('error', () => undefined).resume();
}

function judge(stretches: readonly Stretch[]): readonly string[] {
  const third = Math.floor(stretches.length / 3);
  const first = stretches.slice(0, third);
  const last = stretches.slice(-third);
  const growth = median(last.map((each) => each.residentBytes)) - median(first.map((each) => each.residentBytes));
  const p99First = median(first.map((each) => each.p99Us));
  const p99Last = median(last.map((each) => each.p99Us));
  const slower = p99Last / p99First;
  const failures: string[] = [];
  if (growth > MAX_GROWTH_BYTES)
    failures.push(`memory grew by ${(growth / 2 ** 20).toFixed(1)} MiB; allowed: ${MAX_GROWTH_BYTES / 2 ** 20}`);
  if (slower > MAX_P99_FACTOR && p99Last > NOTABLE_P99_US)
    failures.push(`p99 became ${slower.toFixed(1)} times as long; allowed: ${MAX_P99_FACTOR}`);
  return failures;
}
