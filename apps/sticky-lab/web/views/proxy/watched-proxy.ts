import { batch, signal } from '@preact/signals';
import { joinUpdate } from '../../../src/pages/proxy/recorded.ts';
import { ask, AskError } from '../../shell/ask.ts';
import { follow } from '../../shell/events/follow.ts';
import { createThroughput } from './throughput/throughput.ts';
import type { ProxyOfJob } from '../../../src/pages/proxy/contract.ts';
import type { ProxyConnection, ProxyEvent, ProxyState, RecordedConnection } from '../../../src/pages/proxy/proxy-events.ts';
import type { ConnectionRecording } from '../../../src/pages/proxy/recorded.ts';
import type { Throughput } from './throughput/throughput.ts';
import type { Signal } from '@preact/signals';

/** The known recording of a connection; a direction is absent until something of it is known. */
export type KnownRecording = Partial<ConnectionRecording>;

/** A proxy of the service as it happens. */
export interface WatchedProxy {
  readonly job: string;
  /** `undefined` until the service has told. */
  readonly proxy: Signal<ProxyOfJob | undefined>;
  readonly connections: Signal<ReadonlyMap<number, ProxyConnection>>;
  readonly recordings: Signal<ReadonlyMap<number, KnownRecording>>;
  readonly throughput: Throughput;
  /** Whether the service does not know the proxy, or no longer. */
  readonly isLost: Signal<boolean>;
  /** Requests the whole recording of a connection. */
  readonly askRecording: (connection: number) => void;
  readonly stop: () => void;
}

/** Most connections shown that are closed; the service keeps no more. */
const MAX_CLOSED = 16;

/** Watches a proxy until it ends, or `stop` is called. */
export function watchProxy(job: string): WatchedProxy {
  const watched = new Watched(job);
  watched.start();
  return watched;
}

class Watched implements WatchedProxy {
  readonly job: string;
  readonly proxy = signal<ProxyOfJob | undefined>(undefined);
  readonly connections = signal<ReadonlyMap<number, ProxyConnection>>(new Map());
  readonly recordings = signal<ReadonlyMap<number, KnownRecording>>(new Map());
  readonly throughput = createThroughput();
  readonly isLost = signal(false);
  readonly #asked = new Set<number>();
  #state: ProxyState | undefined;
  readonly #over = new AbortController();

  constructor(job: string) {
    this.job = job;
  }

  start(): void {
    void this.#refresh();
    const unfollow = follow<ProxyEvent>(this.job, {
      events: (events) => batch(() => this.#take(events)),
      missed: () => {
        this.throughput.forget();
        this.#state = undefined;
        this.connections.value = new Map();
        this.recordings.value = new Map();
        void this.#refresh();
      },
      end: () => void this.#refresh(),
      lost: () => {
        this.isLost.value = true;
      },
    });
    this.#over.signal.addEventListener('abort', unfollow);
  }

  readonly stop = (): void => this.#over.abort();

  readonly askRecording = (connection: number): void => {
    if (this.#asked.has(connection)) return;
    this.#asked.add(connection);
    void this.#askRecording(connection);
  };

  /** Requests what events alone do not tell. Later events are kept: the answer may be older. */
  async #refresh(): Promise<void> {
    const path = { job: this.job };
    await this.#asking(async (over) => {
      const [proxy, connections] = await Promise.all([
        ask('GET /api/proxies/:job', { path, signal: over }),
        ask('GET /api/proxies/:job/connections', { path, signal: over }),
      ]);
      batch(() => {
        this.proxy.value = { ...proxy, ...this.#state };
        const known = this.connections.value;
        this.#know(connections.filter((each) => each.closed !== null || !known.has(each.id)));
      });
    });
  }

  async #askRecording(connection: number): Promise<void> {
    const path = { job: this.job, connection: String(connection) };
    await this.#asking(async (over) => {
      const recording = await ask('GET /api/proxies/:job/connections/:connection', { path, signal: over });
      this.#join([{ id: connection, ...recording }]);
    });
    this.#asked.delete(connection);
  }

  async #asking(request: (over: AbortSignal) => Promise<void>): Promise<void> {
    try {
      await request(this.#over.signal);
    } catch (error) {
      if (this.#over.signal.aborted) return;
      if (!(error instanceof AskError)) throw error;
      if (error.status === 404 && this.proxy.value === undefined) this.isLost.value = true;
    }
  }

  #take(events: readonly ProxyEvent[]): void {
    for (const event of events) {
      if (event.type === 'state') {
        this.#state = event.state;
        if (this.proxy.value !== undefined) this.proxy.value = { ...this.proxy.value, ...event.state };
      } else if (event.type === 'recorded') this.#join(event.connections);
      else if (event.type === 'passed') {
        this.#know(event.connections);
        this.throughput.add(event.ms, event.totals);
        if (this.#state !== undefined) this.#state = { ...this.#state, totals: event.totals };
        if (this.proxy.value !== undefined) this.proxy.value = { ...this.proxy.value, totals: event.totals };
      } else this.#know([event.connection]);
    }
  }

  #know(connections: readonly ProxyConnection[]): void {
    const known = new Map(this.connections.value);
    for (const each of connections) {
      // An event that is repeated after a full request is older than it.
      if (known.get(each.id)?.closed == null) known.set(each.id, each);
    }
    this.connections.value = kept(known);
  }

  #join(updates: readonly RecordedConnection[]): void {
    const recordings = new Map(this.recordings.value);
    for (const { id, up, down } of updates) {
      const known = recordings.get(id) ?? {};
      const joined = {
        up: up === undefined ? known.up : joinUpdate(known.up, up),
        down: down === undefined ? known.down : joinUpdate(known.down, down),
      };
      if ((up !== undefined && joined.up === undefined) || (down !== undefined && joined.down === undefined)) this.askRecording(id);
      recordings.set(id, compact(joined));
    }
    for (const id of recordings.keys()) if (isForgotten(id, this.connections.value)) recordings.delete(id);
    this.recordings.value = recordings;
  }
}

function compact({
  up,
  down,
}: {
  readonly up: KnownRecording['up'] | undefined;
  readonly down: KnownRecording['down'] | undefined;
}): KnownRecording {
  return { ...(up === undefined ? {} : { up }), ...(down === undefined ? {} : { down }) };
}

/** In the order in which they were opened, without the oldest of those that are closed. */
function kept(connections: ReadonlyMap<number, ProxyConnection>): ReadonlyMap<number, ProxyConnection> {
  const ordered = [...connections].toSorted(([one], [other]) => one - other);
  const closed = ordered.filter(([, each]) => each.closed !== null);
  const dropped = new Set(closed.slice(0, -MAX_CLOSED).map(([id]) => id));
  return new Map(ordered.filter(([id]) => !dropped.has(id)));
}

/** A connection is reported before its traffic. */
function isForgotten(id: number, connections: ReadonlyMap<number, ProxyConnection>): boolean {
  return connections.size > 0 && !connections.has(id);
}
