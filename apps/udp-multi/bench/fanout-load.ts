// The client of one fan-out measurement, in a process of its own: node fanout-load.ts '{"port":…}' prints a Sample as JSON.
import { gatherAtLoop, gatherInRoom } from './crowd.ts';
import { createWindow } from './sample.ts';
import { cpuNanoseconds, residentBytes } from './server.ts';
import type { Crowd } from './crowd.ts';
import type { Job, Sample } from './sample.ts';

/** What is measured. */
export interface FanoutJob extends Job {
  readonly peers: number;
  /** Whether the server is a room of udp-multi or the bare loop. */
  readonly isRoom: boolean;
}

/** How long the copies of one text are awaited before those missing count as lost, in milliseconds. */
const PATIENCE_MS = 1000;

if (process.argv[1] === import.meta.filename) {
  process.stdout.write(JSON.stringify(await measure(JSON.parse(process.argv[2]!) as FanoutJob)));
  // A thousand members need not be told one by one.
  process.exit();
}

async function measure(job: FanoutJob): Promise<Sample> {
  const { port, pid, peers, sizeBytes, isRoom } = job;
  let heard = 0;
  let onAll: (() => void) | undefined;
  const onHeard = (): void => {
    heard += 1;
    if (heard === peers - 1) onAll?.();
  };
  const crowd = await (isRoom ? gatherInRoom : gatherAtLoop)(port, peers, onHeard);
  const start = performance.now();
  const window = createWindow(job);
  let [copies, lost, isOver] = [0, 0, false];
  for (let round = 0; !isOver; round += 1) {
    heard = 0;
    await said(crowd, text(round, sizeBytes), (resolve) => (onAll = resolve));
    copies += heard;
    lost += peers - 1 - heard;
    isOver = window.mark({ datagrams: copies, cpu: cpuNanoseconds(pid), seconds: (performance.now() - start) / 1000 });
  }
  return { ...window.measured(), p50Us: null, p99Us: null, lost, serverResidentBytes: residentBytes(pid) };
}

/** Says something and waits until all have heard it, or for long enough. */
async function said(crowd: Crowd, payload: Uint8Array, whenAll: (resolve: () => void) => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const all = new Promise<void>((resolve) => {
    whenAll(resolve);
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await crowd.say(payload);
  await all;
  clearTimeout(timer);
}

/** No two alike: equal datagrams in a row are a loop to udp-multi. */
function text(round: number, sizeBytes: number): Uint8Array {
  return Buffer.from(String(round).padStart(sizeBytes, '.'));
}
