import { cpuNanoseconds, residentBytes } from '@socklab/bench';
// The client of one fan-out measurement, in a process of its own: node fanout-load.ts '{"port":…}' prints a Sample as JSON.
import { gatherAtLoop, gatherInRoom } from './crowd.ts';
import { createWindow } from './sample.ts';
import type { Crowd, OnHeard } from './crowd.ts';
import type { Job, Sample } from './sample.ts';

/** What is measured. */
export interface FanoutJob extends Job {
  readonly peers: number;
  /** Whether the server is a room of udp-multi or the bare loop. */
  readonly isRoom: boolean;
}

/** How long the copies of one text are awaited before missing ones count as lost, in milliseconds. */
const PATIENCE_MS = 1000;

if (process.argv[1] === import.meta.filename) {
  process.stdout.write(JSON.stringify(await measure(JSON.parse(process.argv[2]!) as FanoutJob)));
  // Reported for a thousand members together.
  process.exit();
}

async function measure(job: FanoutJob): Promise<Sample> {
  const { port, pid, peers, sizeBytes, isRoom } = job;
  const hearing = createHearing(peers);
  const crowd = await (isRoom ? gatherInRoom : gatherAtLoop)(port, peers, hearing.hear);
  const start = performance.now();
  const window = createWindow(job);
  let [copies, lost, isOver] = [0, 0, false];
  for (let round = 0; !isOver; round += 1) {
    const text = textOf(round, sizeBytes);
    await said(crowd, text, (resolve) => hearing.expect(text, resolve));
    if (hearing.fault !== undefined) throw new Error(hearing.fault);
    copies += hearing.heard;
    lost += peers - 1 - hearing.heard;
    isOver = window.mark({ datagrams: copies, cpu: cpuNanoseconds(pid), seconds: (performance.now() - start) / 1000 });
  }
  return { ...window.measured(), p50Us: null, p99Us: null, lost, serverResidentBytes: residentBytes(pid) };
}

/** Checks what the peers receive: each text once, by all but its sender, and nothing else. */
interface Hearing {
  /** How many have received the text of this round. */
  readonly heard: number;
  /** What was received wrongly. */
  readonly fault: string | undefined;
  readonly hear: OnHeard;
  /** Starts a round; `onAll` is called when all have received its text. */
  expect(text: Uint8Array, onAll: () => void): void;
}

/** Peers are numbered from 0, which is the sender. */
function createHearing(peers: number): Hearing {
  let [expected, earlier, onAll]: [Uint8Array, Uint8Array, () => void] = [new Uint8Array(0), new Uint8Array(0), () => undefined];
  let hearers = new Set<number>();
  let fault: string | undefined;
  return {
    get heard() {
      return hearers.size;
    },
    get fault() {
      return fault;
    },
    hear(peer, text) {
      const isExpected = Buffer.compare(text, expected) === 0;
      // A copy of the previous round may arrive after that has been given up.
      if (!isExpected && Buffer.compare(text, earlier) === 0) return;
      if (!isExpected) fault ??= `peer ${peer} heard what nobody said: ${JSON.stringify(String(Buffer.from(text)))}`;
      else if (peer === 0) fault ??= 'the peer who spoke heard itself';
      else if (hearers.has(peer)) fault ??= `peer ${peer} heard ${JSON.stringify(String(Buffer.from(text)))} twice`;
      else if (hearers.add(peer).size === peers - 1) onAll();
    },
    expect(text, whenAll) {
      [earlier, expected, onAll] = [expected, text, whenAll];
      hearers = new Set();
    },
  };
}

/** Sends a text and waits until all have received it, or the time is over. */
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

/** All texts differ: equal datagrams in a row are a loop to udp-multi. */
function textOf(round: number, sizeBytes: number): Uint8Array {
  return Buffer.from(String(round).padStart(sizeBytes, '.'));
}
