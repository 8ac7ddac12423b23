import { setTimeout as delay } from 'node:timers/promises';
import { Delivery } from './delivery.ts';
import { Shaper } from './plan/shaper.ts';
import { Backlog } from './shaping/backlog.ts';
import { Gate } from './shaping/gate.ts';
import { HoldTimer } from './shaping/hold-timer.ts';
import { PieceWriter } from './shaping/piece-writer.ts';
import type { FlowContext } from './flow-context.ts';
import type { Batch } from './plan/batch.ts';
import type { FlowSettings } from './settings.ts';
import type { Queued } from './shaping/backlog.ts';
import type { RelayEnd } from '@socklab/service';

const NOTHING = Buffer.alloc(0);

/** At rest everything that came has left, except what is held; each says what happens to the next bytes. */
type AtRest =
  /** They leave as they are read, without a copy: nothing is done to them. */
  | 'direct'
  /** They are shaped, and leave within the call: nothing is waited for but the sink. */
  | 'prompt'
  /** They are queued, and a run passes them on: there is latency, a pace or a rate. */
  | 'patient'
  /** They are queued, and stay there. */
  | 'held';

type State = 'opening' | AtRest | 'running' | 'over';

/**
 * One direction of one connection: what is read at its source leaves at its sink, all of it and in order, in other pieces.
 * What has to wait is queued, and then the source is read no further than the queue holds.
 *
 * ```
 *             open              something to do that has to wait
 *  opening ----------> at rest ----------------------------------> running
 *  (queues)            direct   <--------------------------------  (queues)
 *                      prompt      nothing left to do, or held
 *                      patient
 *                      held
 *
 *  any ---- the end was passed on; a trigger ended it; stop ----> over (drops)
 * ```
 *
 * Which of the four it rests in follows from the settings, the triggers and `hold`; a change moves it from one to another, and during
 * a run takes effect at its end. Something to do: queued bytes or an end, bytes that the sink keeps waiting, held bytes that are due,
 * other settings. While it is held, there is nothing to do.
 */
export class Flow {
  readonly #context: FlowContext;
  readonly #writer: PieceWriter;
  readonly #delivery: Delivery;
  readonly #gate = new Gate();
  #settings: FlowSettings;
  /** Settings that hold from the next step of a run on. */
  #wanted: FlowSettings | undefined;
  #shaper: Shaper;
  readonly #backlog: Backlog;
  #source: RelayEnd | undefined;
  #sink: RelayEnd | undefined;
  #state: State = 'opening';
  #rest: AtRest;
  /** The source was told not to read on. */
  #isSourcePaused = false;
  /** What the shaper holds has waited long enough. */
  #isFlushDue = false;
  readonly #holdTimer = new HoldTimer(() => this.#flushLater());
  /** Bytes read. */
  bytesIn = 0;

  constructor(context: FlowContext) {
    const { settings } = context;
    this.#context = context;
    this.#settings = settings;
    this.#shaper = this.#createShaper(settings);
    this.#writer = new PieceWriter(context, this.#gate);
    this.#delivery = new Delivery(context, this.#writer, {
      finish: () => this.#finish(),
      slowDown: (bytesPerSecond) => this.#slowDown(bytesPerSecond),
      goesOn: () => this.#isRunning(),
    });
    this.#backlog = new Backlog(settings);
    this.#rest = this.#restNow();
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
    this.#state = this.#rest;
    this.#wake();
  }

  /** Takes what the source has read. @returns whether it is to read on. */
  bytes(memory: Buffer, byteLength: number): boolean {
    this.bytesIn += byteLength;
    if (this.#state === 'direct') return this.#passDirectly(memory, byteLength);
    if (this.#state === 'prompt') return this.#passPromptly(memory, byteLength);
    // What comes after the end that was asked for is dropped, so that the source's own end is still seen.
    return this.#state === 'over' || this.#queueUp(memory, byteLength);
  }

  /** The source has ended its side. */
  ended(): void {
    if (this.#state === 'over') return;
    this.#context.capture?.end(this.#context, 'fin');
    this.#backlog.push(NOTHING, true);
    this.#wake();
  }

  /** The sink has taken what it had. */
  drained(): void {
    if (this.#isAtRest() && this.#hasRoom()) this.#resume();
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
    this.#settle();
  }

  /** Lets everything leave again, in its order. */
  release(): void {
    this.#gate.open();
    this.#settle();
    this.#wake();
  }

  /** Forgets everything: the connection is over. */
  stop(): void {
    this.#state = 'over';
    this.#backlog.clear();
    this.#holdTimer.stop();
  }

  #createShaper(settings: FlowSettings, before?: Shaper): Shaper {
    const { framing, direction, triggers, framingLost } = this.#context;
    const followsFrames = triggers.some(({ condition }) => condition.kind === 'frame');
    return new Shaper({ ...settings, framing, direction, lost: framingLost, followsFrames }, before);
  }

  /** Takes on what has changed: at once at rest, otherwise when it comes to rest. */
  #settle(): void {
    this.#rest = this.#restNow();
    if (this.#isAtRest()) this.#state = this.#rest;
  }

  #restNow(): AtRest {
    if (!this.#gate.isOpen) return 'held';
    const { plan, latency } = this.#settings;
    if (!this.#writer.isPrompt || latency.delayMs > 0) return 'patient';
    const { triggers, capture } = this.#context;
    const isUntouched = plan.isPass && triggers.length === 0 && capture === undefined && this.#shaper.heldBytes === 0;
    return isUntouched ? 'direct' : 'prompt';
  }

  #isAtRest(): boolean {
    return this.#state !== 'opening' && this.#state !== 'running' && this.#state !== 'over';
  }

  #hasRoom(): boolean {
    return (this.#isAtRest() && this.#state !== 'held') || this.#backlog.hasRoom;
  }

  #passDirectly(memory: Buffer, byteLength: number): boolean {
    this.#writer.count(byteLength, 1);
    this.#isSourcePaused = !this.#sink!.write(memory, byteLength);
    return !this.#isSourcePaused;
  }

  #passPromptly(memory: Buffer, byteLength: number): boolean {
    this.#context.capture?.read(this.#context, memory, byteLength);
    this.#passNow(this.#shaper.push(memory, byteLength));
    return this.#readsOn();
  }

  #queueUp(memory: Buffer, byteLength: number): boolean {
    this.#context.capture?.read(this.#context, memory, byteLength);
    this.#backlog.push(Buffer.from(memory.subarray(0, byteLength)), false);
    this.#wake();
    return this.#readsOn();
  }

  #readsOn(): boolean {
    this.#isSourcePaused = !this.#hasRoom();
    return !this.#isSourcePaused;
  }

  #resume(): void {
    if (!this.#isSourcePaused) return;
    this.#isSourcePaused = false;
    this.#source?.resume();
  }

  /** Runs, if it is at rest and there is something to do. */
  #wake(): void {
    if (!this.#isAtRest() || this.#state === 'held') return;
    if (!this.#backlog.isEmpty || this.#isFlushDue || this.#wanted !== undefined) void this.#run();
  }

  /** Passes a batch without leaving the call where the sink takes it, which is the rule. */
  #passNow(batch: Batch | undefined): void {
    this.#watchHeld(batch);
    if (batch === undefined) return;
    const happenings = this.#delivery.look(batch);
    const from = happenings.length > 0 ? 0 : this.#writer.writeNow(batch, this.#shaper.cutter, 0, batch.byteLength);
    if (from === batch.byteLength && this.#sink!.pendingBytes === 0) return;
    // The memory of the read is that of the next one too.
    const own = { ...batch, memory: Buffer.from(batch.memory.subarray(0, batch.byteLength)) };
    void this.#run(() => this.#delivery.deliver(own, this.#shaper.cutter, from, happenings));
  }

  async #run(first?: () => Promise<void>): Promise<void> {
    this.#state = 'running';
    try {
      if (first !== undefined) await first();
      while (this.#isRunning() && this.#gate.isOpen && (await this.#step())) if (this.#hasRoom()) this.#resume();
    } catch (error) {
      if (!this.#context.signal.aborted) throw error;
      return;
    }
    if (this.#isRunning()) this.#state = this.#rest;
    if (this.#gate.isOpen || this.#hasRoom()) this.#resume();
  }

  // The state changes while something is awaited, which the compiler does not see.
  #isRunning(): boolean {
    return this.#state === 'running';
  }

  /** Does the next thing there is to do. @returns false when there is none. */
  async #step(): Promise<boolean> {
    if (this.#wanted !== undefined) {
      await this.#flush();
      this.#apply();
      return true;
    }
    const next = this.#backlog.shift();
    if (next !== undefined) {
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
    if (this.#isRunning()) this.#finish();
  }

  #flush(): Promise<void> {
    this.#isFlushDue = false;
    return this.#pass(this.#shaper.flush());
  }

  async #pass(batch: Batch | undefined): Promise<void> {
    this.#watchHeld(batch);
    if (batch === undefined) return;
    await this.#delivery.deliver(batch, this.#shaper.cutter, 0, this.#delivery.look(batch));
  }

  #slowDown(bytesPerSecond: number): void {
    this.#writer.slowDown(bytesPerSecond);
    this.#settle();
  }

  #finish(): void {
    this.#sink!.end();
    this.stop();
  }

  #apply(): void {
    this.#settings = this.#wanted ?? this.#settings;
    this.#wanted = undefined;
    this.#writer.configure(this.#settings);
    this.#shaper = this.#createShaper(this.#settings, this.#shaper);
    this.#backlog.configure(this.#settings);
    this.#settle();
  }

  #watchHeld(released: Batch | undefined): void {
    if (this.#state !== 'over') this.#holdTimer.held(this.#shaper.heldBytes, this.#shaper.holdMs, released !== undefined);
  }

  #flushLater(): void {
    this.#isFlushDue = true;
    this.#wake();
  }
}
