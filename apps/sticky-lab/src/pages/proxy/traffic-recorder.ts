import { FlowRecord } from './flow-record.ts';
import type { ProxyConnection, ProxyEvent, RecordedConnection } from './proxy-events.ts';
import type { ConnectionRecording } from './recorded.ts';
import type { Capture, CaptureSubject, CloseReason, ConnectionSummary, Direction, ProxyObserver, Totals } from '@socklab/proxy';

/** What {@link TrafficRecorder} works with. */
export interface TrafficRecorderOptions {
  /** The framing, if known. */
  readonly framing: string | undefined;
  readonly emit: (event: ProxyEvent) => void;
  /** Called when there was traffic. */
  readonly totals: () => Totals;
  /** The connections that are open. */
  readonly open: () => readonly ConnectionSummary[];
}

/** Intervals between two reports of recordings, and of totals. */
const RECORDED_MS = 100;
const PASSED_MS = 1000;

/** Most closed connections that are kept; the oldest are dropped. */
const MAX_CLOSED = 16;

interface ConnectionRecord {
  readonly startedAt: number;
  readonly flows: Readonly<Record<Direction, FlowRecord>>;
  closed: ProxyConnection | undefined;
  /** Whether there was traffic since the last report. */
  hasPassed: boolean;
}

/** Records the traffic of a proxy, and reports it no more often than a page can show. */
export class TrafficRecorder implements Capture, ProxyObserver {
  readonly #options: TrafficRecorderOptions;
  readonly #startedAt = performance.now();
  readonly #records = new Map<number, ConnectionRecord>();
  #recordedTimer: NodeJS.Timeout | undefined;
  #passedTimer: NodeJS.Timeout | undefined;
  #isPassedDue = false;

  constructor(options: TrafficRecorderOptions) {
    this.#options = options;
  }

  opened(connection: ConnectionSummary): void {
    const { framing } = this.#options;
    const flows = { up: new FlowRecord(framing), down: new FlowRecord(framing, 'server') };
    this.#records.set(connection.id, { startedAt: performance.now(), flows, closed: undefined, hasPassed: false });
    this.#options.emit({ type: 'opened', connection: { ...connection, closed: null } });
  }

  closed(summary: ConnectionSummary, reason: CloseReason): void {
    const connection = { ...summary, closed: reason };
    const record = this.#records.get(connection.id);
    if (record !== undefined) record.closed = connection;
    this.#tellRecorded(true);
    this.#options.emit({ type: 'closed', connection });
    const closed = [...this.#records].filter((entry) => entry[1].closed !== undefined);
    for (const [id] of closed.slice(0, -MAX_CLOSED)) this.#records.delete(id);
  }

  read(subject: CaptureSubject, memory: Buffer, byteLength: number): void {
    this.#happened(subject, (flow, us) => flow.read(memory, byteLength, us));
  }

  writing(subject: CaptureSubject, byteLength: number): void {
    this.#happened(subject, (flow, us) => flow.writing(byteLength, us));
  }

  wrote(subject: CaptureSubject, byteLength: number, isConfirmed: boolean): void {
    this.#happened(subject, (flow, us) => flow.wrote(byteLength, isConfirmed, us));
  }

  end(subject: CaptureSubject, end: 'fin' | 'reset'): void {
    this.#happened(subject, (flow, us) => flow.end(end === 'reset', us));
  }

  /** Reports the rest, and stops. */
  close(): void {
    this.#tellPassed();
    clearTimeout(this.#passedTimer);
    this.#passedTimer = undefined;
  }

  /** Restarts all recordings. */
  restart(): void {
    for (const { flows } of this.#records.values()) for (const flow of [flows.up, flows.down]) flow.restart();
    this.#tellRecorded(true);
  }

  /** The kept connections, oldest first. */
  get connections(): readonly ProxyConnection[] {
    const open = new Map(this.#options.open().map((summary) => [summary.id, { ...summary, closed: null }]));
    return [...this.#records].flatMap(([id, { closed }]) => closed ?? open.get(id) ?? []);
  }

  /** What was recorded of a connection; `undefined` when it is not kept. */
  recording(connection: number): ConnectionRecording | undefined {
    const flows = this.#records.get(connection)?.flows;
    return flows === undefined ? undefined : { up: flows.up.whole, down: flows.down.whole };
  }

  #happened({ connection, direction }: CaptureSubject, write: (flow: FlowRecord, us: number) => void): void {
    const record = this.#records.get(connection);
    if (record === undefined) return;
    write(record.flows[direction], Math.round((performance.now() - record.startedAt) * 1000));
    record.hasPassed = true;
    this.#isPassedDue = true;
    this.#recordedTimer ??= setTimeout(() => this.#tellRecorded(false), RECORDED_MS);
    this.#passedTimer ??= setTimeout(() => this.#passedOnce(), PASSED_MS);
  }

  /** @param isCounting - Whether connections with new counts only are included too: small updates wait for larger ones. */
  #tellRecorded(isCounting: boolean): void {
    clearTimeout(this.#recordedTimer);
    this.#recordedTimer = undefined;
    const connections = [...this.#records].flatMap(([id, { flows }]) => newOf(id, flows, isCounting));
    if (connections.length > 0) this.#options.emit({ type: 'recorded', connections });
  }

  /** Continues until a second without traffic was reported too: only then is the rate known to be 0. */
  #passedOnce(): void {
    const goesOn = this.#isPassedDue;
    this.#passedTimer = goesOn ? setTimeout(() => this.#passedOnce(), PASSED_MS) : undefined;
    this.#tellPassed();
  }

  #tellPassed(): void {
    this.#tellRecorded(true);
    this.#isPassedDue = false;
    const passed = this.connections.filter(({ id }) => this.#records.get(id)?.hasPassed === true);
    for (const record of this.#records.values()) record.hasPassed = false;
    const { emit, totals } = this.#options;
    emit({ type: 'passed', ms: Math.round(performance.now() - this.#startedAt), totals: structuredClone(totals()), connections: passed });
  }
}

function newOf(id: number, { up, down }: ConnectionRecord['flows'], isCounting: boolean): readonly RecordedConnection[] {
  const isNew = ({ isChanged, isCounted }: FlowRecord): boolean => isChanged || (isCounting && isCounted);
  const told = { ...(isNew(up) ? { up: up.takeUpdate() } : {}), ...(isNew(down) ? { down: down.takeUpdate() } : {}) };
  return Object.keys(told).length === 0 ? [] : [{ id, ...told }];
}
