import { setTimeout as delay } from 'node:timers/promises';
import { Gate } from './shaping/gate.ts';
import { Lag } from './shaping/delay-line.ts';
import { PieceWriter } from './shaping/piece-writer.ts';
import { Shaper } from './plan/shaper.ts';
import { TriggerWatch } from './triggers/trigger-watch.ts';
import type { RelayEnd } from '@socklab/service';
import type { FlowContext } from './flow-context.ts';
import type { Batch } from './plan/batch.ts';
import type { FlowSettings } from './settings.ts';
import type { Happening } from './triggers/trigger-watch.ts';
import type { Trigger } from './triggers/trigger.ts';

/** Bytes that are read ahead while those before them are on their way. */
const MAX_QUEUED_BYTES = 65_536;
/** The same where time on the way is what was asked for. */
const MAX_DELAYED_BYTES = 1_048_576;

const NO_HAPPENINGS: readonly Happening[] = [];
const NOTHING = Buffer.alloc(0);

interface Queued {
  readonly bytes: Buffer;
  readonly isEnd: boolean;
  readonly dueMs: number;
}

/**
 * One direction of one connection: what is read at its source leaves at its sink, all of it and in order, in other pieces.
 * What has to wait is queued, and then the source is read no further than the queue holds.
 */
export class Flow {
  readonly #context: FlowContext;
  readonly #watch: TriggerWatch;
  readonly #writer: PieceWriter;
  readonly #gate = new Gate();
  #settings: FlowSettings;
  #wanted: FlowSettings | undefined;
  #shaper: Shaper;
  #lag: Lag;
  #source: RelayEnd | undefined;
  #sink: RelayEnd | undefined;
  #state: 'waiting' | 'idle' | 'busy' | 'over' = 'waiting';
  /** Nothing is done to the bytes: they leave as they are read. */
  #isDirect = false;
  /** Nothing is waited for but the sink. */
  #isPrompt = false;
  #queue: Queued[] = [];
  #queuedBytes = 0;
  #isHeldBack = false;
  #isFlushDue = false;
  #holdTimer: NodeJS.Timeout | undefined;
  /** Bytes read. */
  bytesIn = 0;

  constructor(context: FlowContext) {
    const { settings, triggers } = context;
    this.#context = context;
    this.#settings = settings;
    this.#watch = new TriggerWatch(triggers);
    this.#shaper = this.#createShaper(settings);
    this.#writer = new PieceWriter(context, this.#gate);
    this.#lag = new Lag(settings.latency, settings.seed);
    this.#judge();
  }

  /** Bytes that have been read and that the sink's kernel has not taken. */
  get pendingBytes(): number {
    return this.#state === 'over' ? 0 : this.bytesIn - this.bytesOut + (this.#sink?.pendingBytes ?? 0);
  }

  /** Bytes written. */
  get bytesOut(): number {
    return this.#writer.bytes;
  }

  /** The pieces that they were written in. */
  get pieces(): number {
    return this.#writer.pieces;
  }

  /** Lets bytes pass: both ends are connected. */
  open(source: RelayEnd, sink: RelayEnd): void {
    this.#source = source;
    this.#sink = sink;
    this.#writer.open(sink);
    this.#state = 'idle';
    this.#wake();
  }

  /** Takes what the source has read. @returns whether it is to read on. */
  bytes(memory: Buffer, byteLength: number): boolean {
    this.bytesIn += byteLength;
    if (this.#isDirect && this.#state === 'idle') {
      this.#writer.count(byteLength, 1);
      this.#isHeldBack = !this.#sink!.write(memory, byteLength);
      return !this.#isHeldBack;
    }
    // What comes after the end that was asked for is dropped, so that the source's own end is still seen.
    if (this.#state === 'over') return true;
    this.#context.capture?.read(this.#context, memory, byteLength);
    if (this.#state === 'idle' && this.#isPrompt) this.#passNow(this.#shaper.push(memory, byteLength));
    else this.#enqueue(Buffer.from(memory.subarray(0, byteLength)), false);
    this.#isHeldBack = !this.#hasRoom();
    return !this.#isHeldBack;
  }

  /** The source has ended its side. */
  ended(): void {
    if (this.#state === 'over') return;
    this.#context.capture?.end(this.#context, 'fin');
    this.#enqueue(NOTHING, true);
  }

  /** The sink has taken what it had. */
  drained(): void {
    if (this.#state === 'idle' && this.#hasRoom()) this.#resume();
  }

  /**
   * Does something else from here on. What was held leaves first.
   *
   * @returns false when the plan stays: it needs frames, and where they are is not known in the middle of a stream.
   */
  configure(settings: FlowSettings): boolean {
    const canFollow = !settings.plan.needsFrames || this.bytesIn === 0 || this.#shaper.hasFrames;
    this.#wanted = canFollow ? settings : { ...settings, plan: (this.#wanted ?? this.#settings).plan };
    this.#wake();
    return canFollow;
  }

  /**
   * Lets nothing leave. What comes is read as far as the queue holds it, and then no further; what the sink has taken already is
   * on its way.
   */
  hold(): void {
    this.#gate.close();
    this.#judge();
  }

  /** Lets everything leave again, in its order. */
  release(): void {
    this.#gate.open();
    this.#judge();
    this.#wake();
  }

  /** Forgets everything: the connection is over. */
  stop(): void {
    this.#state = 'over';
    this.#queue = [];
    this.#queuedBytes = 0;
    clearTimeout(this.#holdTimer);
  }

  #createShaper(settings: FlowSettings, before?: Shaper): Shaper {
    const { framing, direction, triggers, framingLost } = this.#context;
    const followsFrames = triggers.some(({ condition }) => condition.kind === 'frame');
    return new Shaper({ ...settings, framing, direction, lost: framingLost, followsFrames }, before);
  }

  #judge(): void {
    const { plan, latency } = this.#settings;
    this.#isPrompt = this.#gate.isOpen && this.#writer.isPrompt && latency.delayMs === 0;
    const { triggers, capture } = this.#context;
    this.#isDirect = this.#isPrompt && plan.isPass && triggers.length === 0 && capture === undefined && this.#shaper.heldBytes === 0;
  }

  #hasRoom(): boolean {
    if (this.#state === 'idle' && this.#gate.isOpen) return true;
    return this.#queuedBytes < (this.#settings.latency.delayMs > 0 ? MAX_DELAYED_BYTES : MAX_QUEUED_BYTES);
  }

  #resume(): void {
    if (!this.#isHeldBack) return;
    this.#isHeldBack = false;
    this.#source?.resume();
  }

  #enqueue(bytes: Buffer, isEnd: boolean): void {
    this.#queue.push({ bytes, isEnd, dueMs: this.#lag.dueMs(performance.now()) });
    this.#queuedBytes += bytes.length;
    this.#wake();
  }

  #wake(): void {
    if (this.#state !== 'idle' || !this.#gate.isOpen) return;
    if (this.#queue.length > 0 || this.#isFlushDue || this.#wanted !== undefined) void this.#run();
  }

  /** Passes a batch without leaving the call where the sink takes it, which is the rule. */
  #passNow(batch: Batch | undefined): void {
    this.#armHold(batch);
    if (batch === undefined) return;
    const happenings = this.#watch.isDone ? NO_HAPPENINGS : this.#watch.look(batch);
    const from = happenings.length > 0 ? 0 : this.#writer.writeNow(batch, this.#shaper.cutter, 0, batch.byteLength);
    if (from === batch.byteLength && this.#sink!.pendingBytes === 0) return;
    // The memory of the read is that of the next one too.
    const own = { ...batch, memory: Buffer.from(batch.memory.subarray(0, batch.byteLength)) };
    void this.#run(() => this.#deliver(own, from, happenings));
  }

  async #run(first?: () => Promise<void>): Promise<void> {
    this.#state = 'busy';
    try {
      if (first !== undefined) await first();
      while (this.#isBusy() && this.#gate.isOpen && (await this.#step())) if (this.#hasRoom()) this.#resume();
    } catch (error) {
      if (!this.#context.signal.aborted) throw error;
      return;
    }
    if (this.#isBusy()) this.#state = 'idle';
    if (this.#gate.isOpen || this.#hasRoom()) this.#resume();
  }

  // The state changes while something is awaited, which the compiler does not see.
  #isBusy(): boolean {
    return this.#state === 'busy';
  }

  /** Does the next thing there is to do. @returns false when there is none. */
  async #step(): Promise<boolean> {
    if (this.#wanted !== undefined) {
      await this.#flush();
      this.#apply();
      return true;
    }
    const next = this.#queue.shift();
    if (next !== undefined) {
      this.#queuedBytes -= next.bytes.length;
      await this.#process(next);
      return true;
    }
    if (!this.#isFlushDue) return false;
    await this.#flush();
    return true;
  }

  async #process({ bytes, isEnd, dueMs }: Queued): Promise<void> {
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await delay(waitMs, undefined, { signal: this.#context.signal });
    if (!isEnd) return this.#pass(this.#shaper.push(bytes, bytes.length));
    await this.#flush();
    if (!this.#gate.isOpen) await this.#gate.passed(this.#context.signal);
    if (this.#isBusy()) this.#finish();
  }

  #flush(): Promise<void> {
    this.#isFlushDue = false;
    return this.#pass(this.#shaper.flush());
  }

  async #pass(batch: Batch | undefined): Promise<void> {
    this.#armHold(batch);
    if (batch === undefined) return;
    await this.#deliver(batch, 0, this.#watch.isDone ? NO_HAPPENINGS : this.#watch.look(batch));
  }

  async #deliver(batch: Batch, from: number, happenings: readonly Happening[]): Promise<void> {
    let at = from;
    for (const { place, trigger } of happenings) {
      await this.#writer.write(batch, this.#shaper.cutter, at, place);
      at = Math.max(at, place);
      await this.#act(trigger);
      if (!this.#isBusy()) return;
    }
    await this.#writer.write(batch, this.#shaper.cutter, at, batch.byteLength);
  }

  async #act(trigger: Trigger): Promise<void> {
    const { signal, reset, happened, direction } = this.#context;
    const { action } = trigger;
    happened(trigger, direction);
    if (action.kind === 'stall') await delay(action.ms, undefined, { signal });
    else if (action.kind === 'rst') reset();
    else if (action.kind === 'slow') {
      this.#writer.slowDown(action.bytesPerSecond);
      this.#judge();
    } else this.#finish();
  }

  #finish(): void {
    this.#sink!.end();
    this.stop();
  }

  #apply(): void {
    this.#settings = this.#wanted ?? this.#settings;
    this.#wanted = undefined;
    const { latency, seed } = this.#settings;
    this.#writer.configure(this.#settings);
    this.#shaper = this.#createShaper(this.#settings, this.#shaper);
    this.#lag = new Lag(latency, seed, this.#lag);
    this.#judge();
  }

  /** Bytes that are held leave after a while, counted from the first of them. */
  #armHold(released: Batch | undefined): void {
    if (this.#holdTimer !== undefined && (released !== undefined || this.#shaper.heldBytes === 0)) {
      clearTimeout(this.#holdTimer);
      this.#holdTimer = undefined;
    }
    if (this.#shaper.heldBytes === 0 || this.#holdTimer !== undefined || this.#state === 'over') return;
    this.#holdTimer = setTimeout(() => {
      this.#holdTimer = undefined;
      this.#isFlushDue = true;
      this.#wake();
    }, this.#shaper.holdMs);
  }
}
