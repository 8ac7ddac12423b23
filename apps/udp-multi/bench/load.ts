import { cpuNanoseconds, residentBytes } from '@socklab/bench';
// The client of one echo measurement, in a process of its own: node load.ts '{"port":…}' prints a Sample as JSON.
import { failureOf, runLoad } from '../src/call/index.ts';
import { createWindow, LONGEST_MS } from './sample.ts';
import type { LoadProgress } from '../src/call/index.ts';
import type { Job, Sample } from './sample.ts';

/** What is measured. */
export interface LoadJob extends Job {
  readonly sockets: number;
  /** Open loop; without it a closed one of depth 1. */
  readonly ratePerSecond?: number;
}

if (process.argv[1] === import.meta.filename) process.stdout.write(JSON.stringify(await measure(JSON.parse(process.argv[2]!) as LoadJob)));

async function measure(job: LoadJob): Promise<Sample> {
  const { port, pid, sockets, sizeBytes, ratePerSecond } = job;
  const stop = new AbortController();
  const window = createWindow(job);
  const onProgress = ({ answeredDatagrams, elapsedSeconds }: LoadProgress): void => {
    const isOver = window.mark({ datagrams: answeredDatagrams, cpu: cpuNanoseconds(pid), seconds: elapsedSeconds });
    if (isOver) stop.abort();
  };
  const report = await runLoad({
    target: { host: '127.0.0.1', port },
    sockets,
    sizes: { min: sizeBytes, max: sizeBytes },
    ratePerSecond,
    durationMs: LONGEST_MS,
    signal: stop.signal,
    onProgress,
  });
  const failure = failureOf(report);
  if (failure !== undefined) throw new Error(failure);
  const { roundTrip, datagrams } = report;
  return {
    ...window.measured(),
    p50Us: roundTrip!.p50Us,
    p99Us: roundTrip!.p99Us,
    lost: datagrams.lost,
    serverResidentBytes: residentBytes(pid),
  };
}
