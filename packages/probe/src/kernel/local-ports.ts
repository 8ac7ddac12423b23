import { readFileSync } from 'node:fs';

/** A local port for one connection. `release` gives it back once the connection is closed. */
export interface LocalPort {
  readonly port: number;
  release(isUsable: boolean): void;
}

/** A pool of ports that are reused. */
export interface LocalPorts {
  /** A port to bind to, or undefined: then the kernel chooses one. */
  take(): LocalPort | undefined;
}

// Linux lets a loopback connection reuse a port in TIME_WAIT after a second (tcp_tw_reuse, tcp_tw_reuse_delay).
const REST_MS = 1_100;
const MOST_PORTS = 4_096;
// Another socket may use a port or two; more failures mean that the kernel does not reuse them here.
const MOST_REFUSALS = 8;

/**
 * Every connection that we close first leaves a row in TIME_WAIT for a minute, which makes each read of the tables
 * slower. Reused ports leave at most as many rows as there are ports: about as many as connections per second.
 *
 * @param first where the ports begin.
 * @param now a clock in milliseconds.
 */
export function createLocalPorts(first: number, now: () => number): LocalPorts {
  // In the order of release; those that have rested long enough move on, and the latest of them is used first: so no
  // more ports are in use than needed, and the rows of all others expire.
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

/** This process' ports for loopback connections; empty where the kernel would not reuse them. */
export function sharedLocalPorts(): LocalPorts {
  shared ??= canReuse() ? createLocalPorts(firstPort(), () => performance.now()) : { take: () => undefined };
  return shared;
}

/** Processes that probe at the same time start at different places of the kernel's range. */
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
    // Linux only; elsewhere the kernel chooses every port.
    return '';
  }
}
