import { startTcpdump } from '../../packets/tcpdump.ts';
import { GrowingBytes } from './growing-bytes.ts';
import type { RunScope } from '../../base/closers.ts';
import type { NoCapture, Tcpdump } from '../../packets/tcpdump.ts';

/** A capture under way. */
export interface RunningCapture {
  /**
   * Looks for something in what was captured so far, a pcap file that may end anywhere, until it is found. It is looked at again when
   * more has come. `undefined` once the capture has ended without it, or `patienceMs` are over in which this process did not stand still.
   */
  find<Found>(look: (file: Uint8Array) => Found | undefined, patienceMs: number): Promise<Found | undefined>;
}

// What is captured is looked at again with each packet, so it must stay quick to read.
const MAX_CAPTURED_BYTES = 4_194_304;
const MAX_PACKETS = 2000;
/** How often what was captured is looked at, at least. */
const LOOKS = 10;

/** Captures what one port of TCP sends, until the run ends. */
export async function capturePort(program: string, port: number, scope: RunScope): Promise<RunningCapture | NoCapture> {
  // The other side's end too: when this process is killed, one of both goes out, tcpdump writes it to nobody, and ends.
  const filter = `tcp src port ${port} or (tcp dst port ${port} and tcp[tcpflags] & (tcp-fin | tcp-rst) != 0)`;
  const tcpdump = await startTcpdump({ program, filter, args: ['--immediate-mode', '-c', `${MAX_PACKETS}`] }, scope);
  return typeof tcpdump === 'string' ? tcpdump : new Capture(tcpdump);
}

class Capture implements RunningCapture {
  readonly #file = new GrowingBytes();
  #changed: () => void = () => undefined;
  #isOver = false;

  constructor(tcpdump: Tcpdump) {
    tcpdump.output.on('data', (bytes: Uint8Array) => {
      if (this.#file.byteLength + bytes.length > MAX_CAPTURED_BYTES) tcpdump.stop();
      else this.#file.add(bytes);
      this.#changed();
    });
    void tcpdump.ended.then(() => {
      this.#isOver = true;
      this.#changed();
    });
  }

  async find<Found>(look: (file: Uint8Array) => Found | undefined, patienceMs: number): Promise<Found | undefined> {
    let looks = 0;
    // Counted, not timed: while this process stands still, nothing of what was captured is read.
    const timer = setInterval(() => {
      looks += 1;
      this.#changed();
    }, patienceMs / LOOKS);
    try {
      for (;;) {
        const isOver = this.#isOver || looks >= LOOKS;
        const found = look(this.#file.all);
        if (found !== undefined || isOver) return found;
        await new Promise<void>((resolve) => {
          this.#changed = resolve;
        });
      }
    } finally {
      clearInterval(timer);
    }
  }
}
