import { readFileSync } from 'node:fs';

/** A local port for one connection. `release` gives it back once the connection is closed. */
export interface LocalPort {
  readonly port: number;
  release(isUsable: boolean): void;
}

/** Ports that are used again and again. */
export interface LocalPorts {
  /** A port to bind to, or undefined: then the kernel picks one. */
  take(): LocalPort | undefined;
}

// Linux lets a loopback connection take over one in TIME_WAIT after a second (tcp_tw_reuse, tcp_tw_reuse_delay).
const REST_MS = 1_100;
const MOST_PORTS = 4_096;
// A stranger may sit on a port or two; more than that, and the kernel does not take them over here.
const MOST_REFUSALS = 8;

/**
 * Every connection that we close first leaves a row in TIME_WAIT for a minute, which makes each look at the tables slower.
 * Ports that come round again leave at most as many rows as there are ports: about as many as connections in a second.
 *
 * @param first where the ports begin.
 * @param now a clock in milliseconds.
 */
export function createLocalPorts(first: number, now: () => number): LocalPorts {
  // In the order in which they were given back; those that have rested long enough move on, and the last of them is taken
  // first: so no more ports come round than are needed, and the rows of all others end.
  const resting: { readonly port: number; readonly since: number }[] = [];
  const rested: number[] = [];
  let made = 0;
  let refusals = 0;
  const claim = (): number | undefined => {
    const latest = now() - REST_MS;
    const busy = resting.findIndex(({ since }) => since > latest);
    for (const { port } of resting.splice(0, busy === -1 ? resting.length : busy)) rested.push(port);
    const port = rested.pop();
    if (port !== undefined) return port;
    return made < MOST_PORTS ? first + made++ : undefined;
  };
  return {
    take() {
      if (refusals >= MOST_REFUSALS) return undefined;
      const port = claim();
      if (port === undefined) return undefined;
      return {
        port,
        release(isUsable) {
          refusals = isUsable ? 0 : refusals + 1;
          resting.push({ port, since: now() });
        },
      };
    },
  };
}

let shared: LocalPorts | undefined;

/** The ports of this process for loopback connections; they never give one where the kernel would not take one over. */
export function sharedLocalPorts(): LocalPorts {
  shared ??= canReuse() ? createLocalPorts(firstPort(), () => performance.now()) : { take: () => undefined };
  return shared;
}

/** Processes that probe at the same time begin at different places of the kernel's own range. */
function firstPort(): number {
  const [low = 32_768, high = 60_999] = settingOf('ip_local_port_range').split(/\s+/).map(Number);
  const places = Math.max(1, Math.floor((high - low) / MOST_PORTS));
  return low + (process.pid % places) * MOST_PORTS;
}

function canReuse(): boolean {
  const setting = settingOf('tcp_tw_reuse').trim();
  return (setting === '1' || setting === '2') && settingOf('tcp_timestamps').trim() !== '0';
}

function settingOf(name: string): string {
  try {
    return readFileSync(`/proc/sys/net/ipv4/${name}`, 'latin1');
  } catch {
    // Only Linux has it; without it the kernel picks every port.
    return '';
  }
}
