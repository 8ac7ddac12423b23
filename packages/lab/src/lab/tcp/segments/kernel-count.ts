import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The ports of a connection over loopback, as the sending end has them. */
interface SenderPorts {
  readonly localPort: number;
  readonly remotePort: number;
}

/** What the kernel counted of one end of a connection since it was opened. */
export interface SegmentTotals {
  /** Bytes that it sent, what it sent again counted again. */
  readonly sentBytes: number;
  /** Segments with data that it sent, what it sent again counted again. */
  readonly dataSegments: number;
}

/** Asks the kernel how many segments it sent. */
export interface SegmentCounter {
  /** `undefined` where the machine does not tell, and when a run has asked often enough. */
  count(ports: SenderPorts): Promise<SegmentTotals | undefined>;
}

// A question takes a few milliseconds and a process of its own: a run with many connections must stay quick.
const MAX_QUESTIONS = 24;
// Once it took longer, no more is asked.
const PATIENCE_MS = 5000;
const run = promisify(execFile);

/** Makes a counter that asks `ss` of iproute2, at most 24 times. */
export function createSegmentCounter(signal: AbortSignal): SegmentCounter {
  let questions = 0;
  let canAsk = true;
  return {
    async count(ports) {
      if (!canAsk || questions++ >= MAX_QUESTIONS) return undefined;
      const output = await askSs(ports, signal);
      canAsk = output !== undefined;
      return output === undefined ? undefined : segmentTotals(output, ports);
    },
  };
}

/**
 * The counters of the connection with these ports, from what `ss -tinH` prints; `undefined` when it is not there or does
 * not tell both. What is zero is not printed.
 *
 * ```
 * ESTAB 0 0 127.0.0.1:8080 127.0.0.1:54002
 *    cubic wscale:7,7 rto:204 rtt:0.05/0.03 mss:32768 ... bytes_sent:9 bytes_acked:9 ... data_segs_out:2 ...
 * ```
 * Source: ss(8), linux/tcp.h `struct tcp_info`.
 */
export function segmentTotals(output: string, { localPort, remotePort }: SenderPorts): SegmentTotals | undefined {
  // A line that begins with a blank goes on with the connection above it.
  for (const entry of output.split(/\n(?=\S)/)) {
    const [, , , local = '', remote = ''] = entry.trim().split(/\s+/);
    if (!local.endsWith(`:${localPort}`) || !remote.endsWith(`:${remotePort}`)) continue;
    const sentBytes = counter(entry, 'bytes_sent');
    const dataSegments = counter(entry, 'data_segs_out');
    return sentBytes === undefined || dataSegments === undefined ? undefined : { sentBytes, dataSegments };
  }
  return undefined;
}

function counter(entry: string, name: string): number | undefined {
  const digits = new RegExp(String.raw`\s${name}:(\d+)(?=\s|$)`).exec(entry)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** What it prints of one connection; `undefined` where it is not there or fails. */
async function askSs({ localPort, remotePort }: SenderPorts, signal: AbortSignal): Promise<string | undefined> {
  try {
    const filter = ['src', `127.0.0.1:${localPort}`, 'dst', `127.0.0.1:${remotePort}`];
    const { stdout } = await run('ss', ['-tinH', ...filter], { signal, timeout: PATIENCE_MS });
    return stdout;
  } catch {
    // Not installed, not allowed, too slow: then the picture has no segments. A run that is over says so itself.
    signal.throwIfAborted();
    return undefined;
  }
}
