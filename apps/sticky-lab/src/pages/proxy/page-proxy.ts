import { Proxies } from '@socklab/proxy';
import { TrafficRecorder } from './traffic-recorder.ts';
import type { JobContext } from '../../http/jobs/job.ts';
import type { ProxyConnection, ProxyEvent, ProxyState, WrittenSettings } from './proxy-events.ts';
import type { ConnectionRecording } from './recorded.ts';
import type { ProxyCounts, Proxy, ProxySettings, CheckedTarget } from '@socklab/proxy';
import type { Endpoint, Logger, RunningService } from '@socklab/service';

/** The settings of a proxy of the page, validated. */
export interface PageProxyOptions {
  readonly listen: Endpoint;
  readonly target: CheckedTarget;
  readonly targetText: string;
  readonly framing: string | undefined;
  readonly settings: ProxySettings;
  readonly written: WrittenSettings;
  readonly log: Logger;
}

/** Most connections of one proxy; one more is reset. */
export const MAX_CONNECTIONS = 64;

const CONNECT_TIMEOUT_MS = 5000;

/** The service's metrics are about the page itself; the traffic of a proxy is shown on the page, and logged. */
const UNCOUNTED: ProxyCounts = {
  connections: { inc: () => undefined },
  connectionsRefused: { inc: () => undefined },
  connectionsClosed: { inc: () => undefined },
  triggers: { inc: () => undefined },
};

/**
 * Starts a proxy that reports its traffic.
 *
 * @throws ServiceError as `listenTcp`; InvalidArgumentError when the plan needs a framing and there is none.
 */
export async function openPageProxy(options: PageProxyOptions): Promise<PageProxy> {
  const proxy = new PageProxy(options);
  await proxy.listen();
  return proxy;
}

/** A proxy, and its recorded traffic. */
export class PageProxy {
  readonly #options: PageProxyOptions;
  readonly #proxies: Proxies;
  readonly #recorder: TrafficRecorder;
  #written: WrittenSettings;
  #running: RunningService | undefined;
  #emit: (event: ProxyEvent) => void = () => undefined;

  constructor(options: PageProxyOptions) {
    const { listen, framing } = options;
    this.#options = options;
    this.#written = options.written;
    this.#recorder = new TrafficRecorder({
      framing,
      emit: (event) => this.#emit(event),
      totals: () => this.#proxies.totals,
      open: () => this.#proxy.connections(MAX_CONNECTIONS),
    });
    this.#proxies = new Proxies({
      ...options,
      endpoints: [listen],
      triggers: [],
      maxConnections: MAX_CONNECTIONS,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      capture: this.#recorder,
      observer: this.#recorder,
      counts: UNCOUNTED,
    });
  }

  async listen(): Promise<void> {
    this.#running = await this.#proxies.listen();
  }

  /** Reports events until the signal aborts; then it closes all connections, and rejects with the signal's reason. */
  async run(context: JobContext<ProxyEvent>): Promise<never> {
    const { signal } = context;
    this.#emit = (event) => context.emit(event);
    this.#tellState();
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await this.close();
    throw signal.reason;
  }

  /** Resets all connections and stops listening. */
  async close(): Promise<void> {
    await this.#running?.drain(AbortSignal.abort());
  }

  get state(): ProxyState {
    const { listen, framing, connections } = this.#proxy.summary;
    return {
      listen,
      target: this.#options.targetText,
      framing,
      ...this.#written,
      seed: this.#proxy.settings.seed,
      isHeld: this.#proxy.isHeld,
      connections,
      totals: structuredClone(this.#proxies.totals),
    };
  }

  get connections(): readonly ProxyConnection[] {
    return this.#recorder.connections;
  }

  recording(connection: number): ConnectionRecording | undefined {
    return this.#recorder.recording(connection);
  }

  /** Restarts the recordings of all connections. */
  restartRecordings(): void {
    this.#recorder.restart();
  }

  get settings(): ProxySettings {
    return this.#proxy.settings;
  }

  /**
   * Changes the settings from now on.
   *
   * @returns how many open connections keep their plan: it needs frames, and they are in the middle of a stream.
   * @throws InvalidArgumentError when the plan needs a framing and there is none.
   */
  configure(settings: ProxySettings, written: Partial<WrittenSettings>): number {
    const kept = this.#proxy.configure(settings);
    this.#written = { ...this.#written, ...written };
    this.#tellState();
    return kept;
  }

  /** Pauses forwarding, or resumes it. */
  hold(isHeld: boolean): void {
    if (isHeld) this.#proxy.hold();
    else this.#proxy.release();
    this.#tellState();
  }

  get #proxy(): Proxy {
    const proxy = this.#proxies.get('1');
    if (proxy === undefined) throw new TypeError('a proxy that does not listen was asked for');
    return proxy;
  }

  #tellState(): void {
    this.#emit({ type: 'state', state: this.state });
  }
}
