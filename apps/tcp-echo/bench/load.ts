import { cpuNanoseconds, residentBytes } from '@socklab/bench';
// The client of one measurement, in a process of its own: node load.ts '{"port":…}' prints a Sample as JSON.
import { runLoad, failureOf } from '../src/call/index.ts';
import type { LoadProgress } from '../src/call/index.ts';

/** What is measured. */
export interface LoadJob {
  readonly port: number;
  readonly pid: number;
  readonly framing: string;
  readonly connections: number;
  readonly sizeBytes: number;
  readonly depth: number;
  readonly warmupMs: number;
  readonly durationMs: number;
}

/** The result. */
export interface Sample {
  readonly serverNanosecondsPerMessage: number;
  readonly messagesPerSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly serverResidentBytes: number;
}

interface Mark {
  readonly messages: number;
  readonly cpu: number;
  readonly seconds: number;
}

if (process.argv[1] === import.meta.filename) process.stdout.write(JSON.stringify(await measure(JSON.parse(process.argv[2]!) as LoadJob)));

async function measure(job: LoadJob): Promise<Sample> {
  const { port, pid, connections, sizeBytes, depth, framing, warmupMs, durationMs } = job;
  const marks: Mark[] = [];
  const mark = ({ answeredMessages, elapsedSeconds }: LoadProgress): void => {
    if (elapsedSeconds * 1000 >= warmupMs) marks.push({ messages: answeredMessages, cpu: cpuNanoseconds(pid), seconds: elapsedSeconds });
  };
  const report = await runLoad({
    target: { host: '127.0.0.1', port },
    connections,
    sizes: { min: sizeBytes, max: sizeBytes },
    depth,
    framing,
    durationMs: warmupMs + durationMs,
    timeoutMs: 20_000,
    onProgress: mark,
  });
  const failure = failureOf(report);
  if (failure !== undefined) throw new Error(failure);
  const first = marks[0];
  const last = marks.at(-1);
  const { latency } = report;
  if (latency === null || first === undefined || last === undefined || last.messages === first.messages)
    throw new Error('the run was too short to be measured');
  const messages = last.messages - first.messages;
  return {
    serverNanosecondsPerMessage: (last.cpu - first.cpu) / messages,
    messagesPerSecond: messages / (last.seconds - first.seconds),
    p50Us: latency.p50Us,
    p99Us: latency.p99Us,
    serverResidentBytes: residentBytes(pid),
  };
}
