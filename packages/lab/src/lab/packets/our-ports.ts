import type { PacketPorts } from '@socklab/service/capture';

/** The ports of one run. */
export interface UsedPorts {
  add(transport: PacketPorts['transport'], port: number): void;
  /** Packets that are sent from now on are somebody else's. */
  release(): void;
}

/** Knows which ports were ours at what time: loopback carries the traffic of every program. */
export interface OurPorts {
  use(): UsedPorts;
  /** Whether a packet of that time, in milliseconds since 1970, comes from a port of ours, or goes to one. */
  has(packet: PacketPorts, time: number): boolean;
}

interface Use {
  readonly since: number;
  until: number;
}

/** Most uses that are remembered: a run uses a few dozen, and a packet is read at most a second after it was sent. */
const MAX_USES = 10_000;

/** Creates {@link OurPorts}. */
export function createOurPorts(now: () => number = Date.now): OurPorts {
  const uses = new Map<string, Use>();
  return {
    use() {
      const own: Use[] = [];
      return {
        add(transport, port) {
          const use: Use = { since: now(), until: Infinity };
          const key = `${transport} ${port}`;
          uses.delete(key);
          uses.set(key, use);
          own.push(use);
          if (uses.size > MAX_USES) uses.delete(uses.keys().next().value!);
        },
        release() {
          // The clock tells whole milliseconds.
          for (const use of own) use.until = now() + 1;
        },
      };
    },
    has({ transport, ports }, time) {
      return ports.some((port) => {
        const use = uses.get(`${transport} ${port}`);
        return use !== undefined && time >= use.since && time <= use.until;
      });
    },
  };
}
