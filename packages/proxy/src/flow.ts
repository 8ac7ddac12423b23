import { setTimeout as delay } from 'node:timers/promises';
import { Delivery } from './delivery.ts';
import { Shaper } from './plan/shaper.ts';
import { Backlog } from './shaping/backlog.ts';
import { HoldTimer } from './shaping/hold-timer.ts';
import { PieceWriter } from './shaping/piece-writer.ts';
import { Valve } from './shaping/valve.ts';
import type { FlowContext } from './flow-context.ts';
import type { Batch } from './plan/batch.ts';
import type { FlowSettings } from './settings.ts';
import type { Queued } from './shaping/backlog.ts';
import type { RelayEnd } from '@socklab/service';

const NOTHING = Buffer.alloc(0);

/** States at rest: every byte received was sent, except held ones. They differ in what happens to the next bytes. */
type AtRest =
  /** Sent as read, without a copy. */
  | 'direct'
  /** Shaped and sent within the call; only the sink is waited for. */
  | 'prompt'
  /** Queued and sent by a run: latency, pace or rate is set. */
  | 'patient'
  /** Queued until released. */
  | 'held';

type State = 'opening' | AtRest | 'running' | 'over';

/**
 * One direction of one connection: passes all bytes of its source to its sink, in order, in other pieces. Bytes that have to
 * wait are queued; reading stops when the queue is full.
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
 * The settings, the triggers and `hold` decide which of the four states it rests in; a change during a run takes effect at the
 * end of the run. There is something to do with queued bytes or a queued end, bytes that wait for the sink, held bytes that are
 * due, or changed settings. While held, there is nothing to do.
 */
export class Flow {
  readonly #context: FlowContext;
  readonly #writer: PieceWriter;
  readonly #delivery: Delivery;
  readonly #valve = new Valve();
  #settings: FlowSettings;
  /** Settings to apply at the next step of a run. */
  #wanted: FlowSettings | undefined;
  #shaper: Shaper;
  readonly #backlog: Backlog;
  #source: RelayEnd | undefined;
  #sink: RelayEnd | undefined;
  #state: State = 'opening';
  #rest: AtRest;
  /** Whether reading from the source is paused. */
  #isSourcePaused = false;
  /** Whether the bytes held by the shaper are due. */
  #isFlushDue = false;
  readonly #holdTimer = new HoldTimer(() => this.#flushLater());
  /** Bytes read. */
  bytesIn = 0;

  constructor(context: FlowContext) {
    const { settings } = context;
    this.#context = context;
    this.#settings = settings;
    this.#shaper = this.#createShaper(settings);
    this.#writer = new PieceWriter(context, this.#valve);
    this.#delivery = new Delivery(context, this.#writer, {
      finish: () => this.#finish(),
      slowDown: (bytesPerSecond) => this.#slowDown(bytesPerSecond),
      goesOn: () => this.#isRunning(),
    });
    this.#backlog = new Backlog(settings);
    this.#rest = this.#restNow();
  }

  /** Bytes read and not yet accepted by the kernel of the sink. */
  get pendingBytes(): number {
    return this.#state === 'over' ? 0 : this.bytesIn - this.bytesOut + (this.#sink?.pendingBytes ?? 0);
  }

  /** Bytes written. */
  get bytesOut(): number {
    return this.#writer.bytes;
  }

  /** Pieces written. */
  get pieces(): number {
    return this.#writer.pieces;
  }

  /** Starts passing bytes: both sides are connected. */
  open(source: RelayEnd, sink: RelayEnd): void {
    this.#source = source;
    this.#sink = sink;
    this.#writer.open(sink);
    this.#state = this.#rest;
    this.#wake();
  }

  /** Receives a read of the source. @returns whether to go on reading. */
  bytes(memory: Buffer, byteLength: number): boolean {
    this.bytesIn += byteLength;
    if (this.#state === 'direct') return this.#passDirectly(memory, byteLength);
    if (this.#state === 'prompt') return this.#passPromptly(memory, byteLength);
    // After an end made by a trigger, bytes are dropped, but reading goes on so that the end of the source is seen.
    return this.#state === 'over' || this.#queueUp(memory, byteLength);
  }

  /** The source ended. */
  ended(): void {
    if (this.#state === 'over') return;
    this.#context.capture?.end(this.#context, 'fin');
    this.#backlog.push(NOTHING, true);
    this.#wake();
  }

  /** The sink drained. */
  drained(): void {
    if (this.#isAtRest() && this.#hasRoom()) this.#resume();
  }

  /**
   * Applies new settings. Held bytes are sent first.
   *
   * @returns false if the plan is kept, because the new one needs frames and their position is unknown in the middle of a stream.
   */
  configure(settings: FlowSettings): boolean {
    const canFollow = !settings.plan.needsFrames || this.bytesIn === 0 || this.#shaper.hasFrames;
    this.#wanted = canFollow ? settings : { ...settings, plan: (this.#wanted ?? this.#settings).plan };
    this.#wake();
    return canFollow;
  }

  /**
   * Holds the traffic. Bytes are read until the queue is full. Bytes that the sink has accepted already are not held back.
   */
  hold(): void {
    this.#valve.close();
    this.#settle();
  }

  /** Releases the traffic, in order. */
  release(): void {
    this.#valve.open();
    this.#settle();
    this.#wake();
  }

  /** Drops all bytes: the connection ended. */
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

  /** Applies changed settings: at once if at rest, otherwise at the end of the run. */
  #settle(): void {
    this.#rest = this.#restNow();
    if (this.#isAtRest()) this.#state = this.#rest;
  }

  #restNow(): AtRest {
    if (!this.#valve.isOpen) return 'held';
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

  /** Starts a run if at rest and there is something to do. */
  #wake(): void {
    if (!this.#isAtRest() || this.#state === 'held') return;
    if (!this.#backlog.isEmpty || this.#isFlushDue || this.#wanted !== undefined) void this.#run();
  }

  /** Sends a batch within the call if the sink accepts it, which is the common case. */
  #passNow(batch: Batch | undefined): void {
    this.#watchHeld(batch);
    if (batch === undefined) return;
    const happenings = this.#delivery.look(batch);
    const from = happenings.length > 0 ? 0 : this.#writer.writeNow(batch, this.#shaper.cutter, 0, batch.byteLength);
    if (from === batch.byteLength && this.#sink!.pendingBytes === 0) return;
    // The next read reuses this memory.
    const own = { ...batch, memory: Buffer.from(batch.memory.subarray(0, batch.byteLength)) };
    void this.#run(() => this.#delivery.deliver(own, this.#shaper.cutter, from, happenings));
  }

  async #run(first?: () => Promise<void>): Promise<void> {
    this.#state = 'running';
    try {
      if (first !== undefined) await first();
      while (this.#isRunning() && this.#valve.isOpen && (await this.#step())) if (this.#hasRoom()) this.#resume();
    } catch (error) {
      if (!this.#context.signal.aborted) throw error;
      return;
    }
    if (this.#isRunning()) this.#state = this.#rest;
    if (this.#valve.isOpen || this.#hasRoom()) this.#resume();
  }

  // The state may change during an await, which the compiler does not know.
  #isRunning(): boolean {
    return this.#state === 'running';
  }

  /** Executes the next step. @returns false when there is none. */
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
    if (!this.#valve.isOpen) await this.#valve.passed(this.#context.signal);
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
