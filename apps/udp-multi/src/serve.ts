import { randomBytes } from 'node:crypto';
import { busyPolicy, createLogger, createMetrics, resolveEndpoints, runService } from '@socklab/service';
import { datagramFraming } from './datagram-framing.ts';
import { createTraffic, registerMetrics } from './metrics.ts';
import { openOperator } from './operator/console.ts';
import { checkFlags, needsConsole } from './options/check-flags.ts';
import { peerName } from './peers.ts';
import { freshCounts } from './room/bus/bus.ts';
import { createLocalBus } from './room/bus/local.ts';
import { connectNats } from './room/bus/nats.ts';
import { createCookieJar } from './room/cookie.ts';
import { startUdpMulti } from './service.ts';
import { APP, VERSION } from './version.ts';
import type { DatagramFraming } from './datagram-framing.ts';
import type { Traffic } from './metrics.ts';
import type { CommandConsole, Operator } from './operator/console.ts';
import type { ProcessContext, ServeFlags } from './options/serve-options.ts';
import type { UdpMultiService } from './options/settings.ts';
import type { Bus, OnBusMessage } from './room/bus/bus.ts';
import type { Endpoint, Logger, ServiceContext, Streams } from '@socklab/service';

/** Runs the service until it ends, and the process with it. */
export async function serve(flags: ServeFlags, streams: Streams, { env, pid }: ProcessContext): Promise<void> {
  const framing = flags.framing === 'none' ? undefined : datagramFraming(flags.framing);
  checkFlags(flags, framing);
  const endpoints = resolveEndpoints(flags.listen, env, pid);
  const operator = needsConsole(flags) ? openOperator({ operator: flags.operator, streams }) : undefined;
  const log = openLog(flags, operator);
  const run = new ServeRun(flags, { endpoints, console: operator?.console, framing });
  const { workers, reusePort } = flags;
  try {
    await runService({
      log,
      drainTimeoutMs: flags.drainTimeout,
      drainDelayMs: flags.drainDelay,
      admin: { listen: flags.admin, app: APP, version: VERSION, metrics: run.metrics, routes: { '/peers': () => run.peers() } },
      ...(workers > 1 ? { workers: { count: workers, transport: 'udp', endpoints, listen: { reusePort, busy: busyPolicy(flags) } } } : {}),
      start: async (context) => {
        await operator?.listen(context.log);
        return run.start(context);
      },
    });
  } finally {
    operator?.close();
  }
}

interface ServeDependencies {
  readonly endpoints: readonly Endpoint[];
  readonly console: CommandConsole | undefined;
  readonly framing: DatagramFraming | undefined;
}

/** Most peers in `/peers`, the most recently active ones. */
const MAX_SHOWN_PEERS = 1000;

class ServeRun {
  readonly metrics = createMetrics(APP);
  readonly #flags: ServeFlags;
  readonly #parts: ServeDependencies;
  readonly #traffic: Traffic = createTraffic();
  #service: UdpMultiService | undefined;
  #bus: Bus | undefined;

  constructor(flags: ServeFlags, parts: ServeDependencies) {
    this.#flags = flags;
    this.#parts = parts;
    const noBus = freshCounts(false);
    registerMetrics(this.metrics, {
      traffic: this.#traffic,
      kernelDrops: () => this.#service?.kernelDrops() ?? 0,
      members: () => this.#service?.members() ?? 0,
      bus: () => this.#bus?.counts ?? noBus,
    });
  }

  async start({ log, signal, worker }: ServiceContext): Promise<UdpMultiService> {
    const flags = this.#flags;
    const service = await startUdpMulti({
      ...flags,
      ...this.#parts,
      listen: worker?.endpoints ?? this.#parts.endpoints,
      reusePort: flags.reusePort || worker !== undefined,
      bind: worker === undefined ? { busy: busyPolicy(flags), signal, log } : { signal },
      recvBufferBytes: flags.recvBuffer,
      truncateAt: flags.truncateAt,
      groups: flags.multicast,
      groupOptions: { ttl: flags.multicastTtl, loopback: flags.multicastLoopback === 'on' },
      broadcasts: flags.broadcast,
      cookies: createCookieJar(flags.cookieKey ?? randomBytes(32)),
      connectBus: (onMessage) => this.#connectBus(onMessage, log),
      impairment: { ...flags, ...flags.delay },
      log,
      traffic: this.#traffic,
    });
    this.#service = service;
    if (flags.trust === 'any') log.warn('every address counts as proven: a forged one makes this service send to it');
    return service;
  }

  peers(): unknown {
    const peers = this.#service?.peers() ?? [];
    return peers.slice(-MAX_SHOWN_PEERS).map(({ number, peer, name, datagramsIn, isProven }) => ({
      number,
      peer: peerName(peer),
      name,
      datagramsIn,
      isProven,
    }));
  }

  #connectBus(onMessage: OnBusMessage, log: Logger): Bus {
    const { bus, room } = this.#flags;
    this.#bus =
      bus === 'off' ? createLocalBus().connect(onMessage) : connectNats({ url: bus, subject: `socklab.room.${room}`, onMessage, log });
    return this.#bus;
  }
}

/** An operator's conversation may be on standard output: then the log goes elsewhere. */
function openLog({ logLevel: level, logFormat: format }: ServeFlags, operator: Operator | undefined): Logger {
  const options = { app: APP, level, format };
  const destination = operator?.logDestination;
  return createLogger(destination === undefined ? options : { ...options, destination });
}
