import { once } from 'node:events';
import { createServer } from 'node:net';
import { createLogger, parseEndpoint } from '@socklab/service';
import { captureLog, connectTo, listening } from '@socklab/testkit';
import { parseStreamPlan } from '../src/plan/stream-plan.ts';
import { Proxies } from '../src/proxy.ts';
import { parseTrigger } from '../src/triggers/trigger.ts';
import type { ProxiesOptions } from '../src/proxy.ts';
import type { ProxySettings } from '../src/settings.ts';
import type { CapturedLog } from '@socklab/testkit';
import type { Socket } from 'node:net';

/** What a test sets of a proxy, written as on the command line where that has a form. */
export interface ProxySetup extends Partial<Omit<ProxySettings, 'plan'>> {
  readonly plan?: string;
  readonly on?: readonly string[];
  readonly framing?: string;
  readonly maxConnections?: number;
  readonly connectTimeoutMs?: number;
  readonly capture?: ProxiesOptions['capture'];
  /** The port to connect to, when that is not of the server of the test. */
  readonly targetPort?: number;
}

/** A proxy in front of a server that answers nothing by itself. */
export interface ProxiedServer extends AsyncDisposable {
  readonly proxies: Proxies;
  readonly port: number;
  readonly log: CapturedLog;
  /** A client, and the connection to the target that was opened for it. */
  open(): Promise<{ readonly client: Socket; readonly server: Socket }>;
}

export function settingsOf({ plan = 'pass', ...settings }: ProxySetup = {}): ProxySettings {
  return {
    pace: { kind: 'none' },
    seed: 1,
    direction: 'both',
    latency: { delayMs: 0, jitterMs: 0 },
    bytesPerSecond: Number.POSITIVE_INFINITY,
    ...settings,
    plan: parseStreamPlan(plan),
  };
}

/** Starts a proxy in this process, and a server behind it. */
export async function startProxy(setup: ProxySetup = {}): Promise<ProxiedServer> {
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
  const port = await listening(server);
  const log = captureLog();
  const proxies = new Proxies({
    endpoints: [parseEndpoint('tcp://127.0.0.1:0', 'tcp')],
    target: { host: '127.0.0.1', port: setup.targetPort ?? port },
    targetText: 'the server of the test',
    settings: settingsOf(setup),
    framing: setup.framing,
    triggers: (setup.on ?? []).map(parseTrigger),
    maxConnections: setup.maxConnections ?? 64,
    connectTimeoutMs: setup.connectTimeoutMs ?? 5000,
    capture: setup.capture,
    log: createLogger({ app: 'test', level: 'debug', format: 'json', destination: log.destination }),
  });
  const running = await proxies.listen();
  const proxyPort = Number(/\d+$/.exec(running.endpoints[0] ?? '')?.[0]);
  const sockets: Socket[] = [];
  return {
    proxies,
    port: proxyPort,
    log,
    async open() {
      const accepted = once(server, 'connection') as Promise<[Socket]>;
      const [client, [socket]] = await Promise.all([connectTo(proxyPort, { allowHalfOpen: true, noDelay: true }), accepted]);
      // What ends a connection is asserted where it matters.
      for (const each of [client, socket]) each.on('error', () => undefined);
      sockets.push(client, socket);
      return { client, server: socket };
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await running.drain(AbortSignal.abort());
    },
  };
}

/** Bytes of which each place differs from the same place of another seed. */
export function patternOf(seed: number, byteLength: number): Buffer {
  const bytes = Buffer.allocUnsafe(byteLength);
  for (let at = 0, state = seed * 2_654_435_761 + 1; at < byteLength; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}
