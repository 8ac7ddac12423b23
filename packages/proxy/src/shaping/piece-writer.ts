import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { Pacer } from './pacer.ts';
import { Rate } from './rate.ts';
import type { FlowContext } from '../flow-context.ts';
import type { Batch, Cutter } from '../plan/batch.ts';
import type { FlowSettings } from '../settings.ts';
import type { Valve } from './valve.ts';
import type { RelayEnd } from '@socklab/service';

/** Pieces written in one turn of the event loop. */
const PIECES_AT_ONCE = 1024;

/** Writes batches to the sink of one direction in pieces, at a pace and a rate. */
export class PieceWriter {
  readonly #context: FlowContext;
  readonly #valve: Valve;
  #sink: RelayEnd | undefined;
  #pacer: Pacer;
  #rate: Rate;
  #slow: Rate | undefined;
  /** Bytes and pieces written. */
  bytes = 0;
  pieces = 0;

  /** @param gate - Held at before each paced piece. */
  constructor(context: FlowContext, valve: Valve) {
    const { pace, bytesPerSecond } = context.settings;
    this.#context = context;
    this.#valve = valve;
    this.#pacer = new Pacer(pace);
    this.#rate = new Rate(bytesPerSecond);
  }

  /** Whether only the sink is waited for: no pace, no rate. */
  get isPrompt(): boolean {
    return this.#pacer.isNone && !this.#currentRate.isLimited;
  }

  open(sink: RelayEnd): void {
    this.#sink = sink;
  }

  configure({ pace, bytesPerSecond }: Pick<FlowSettings, 'pace' | 'bytesPerSecond'>): void {
    this.#pacer = new Pacer(pace);
    this.#rate = new Rate(bytesPerSecond);
  }

  /** Limits the rate from now on, overriding the settings. */
  slowDown(bytesPerSecond: number): void {
    this.#slow = new Rate(bytesPerSecond);
  }

  /** Counts sent bytes. */
  count(byteLength: number, pieces: number): void {
    const { totals } = this.#context;
    this.bytes += byteLength;
    this.pieces += pieces;
    totals.bytes += byteLength;
    totals.pieces += pieces;
  }

  /** Writes pieces until one has to wait for the sink: two waiting pieces would be sent as one. @returns the offset reached. */
  writeNow(batch: Batch, cutter: Cutter, from: number, to: number): number {
    const sink = this.#sink!;
    const { capture } = this.#context;
    const { memory } = batch;
    let at = from;
    let count = 0;
    for (let isTaken = true; isTaken && at < to && count < PIECES_AT_ONCE; count++) {
      const next = cutter.next(batch, at);
      const end = next < to ? next : to;
      isTaken = sink.writePiece(memory, at, end);
      if (capture !== undefined) capture.wrote(this.#context, end - at, false);
      at = end;
    }
    this.count(at - from, count);
    return at;
  }

  /** Writes `batch[from, to)`; resolves when the kernel has accepted all of it. @throws the reason of the signal if the connection ends first. */
  async write(batch: Batch, cutter: Cutter, from: number, to: number): Promise<void> {
    for (let at = from; at < to;) {
      if (this.isPrompt) {
        if (!this.#valve.isOpen) await this.#valve.passed(this.#context.signal);
        at = this.writeNow(batch, cutter, at, to);
        if (at < to && this.#sink!.pendingBytes === 0) await turn(undefined, { signal: this.#context.signal });
      } else {
        at = await this.#writePaced(batch, cutter, at, to);
      }
      await this.#taken();
    }
    await this.#taken();
  }

  get #currentRate(): Rate {
    return this.#slow ?? this.#rate;
  }

  async #writePaced(batch: Batch, cutter: Cutter, from: number, to: number): Promise<number> {
    const { signal, capture, totals } = this.#context;
    const sink = this.#sink!;
    const rate = this.#currentRate;
    const waitMs = rate.waitMs(performance.now());
    if (waitMs > 0) await delay(waitMs, undefined, { signal });
    if (!this.#valve.isOpen) await this.#valve.passed(signal);
    const end = Math.min(cutter.next(batch, from), to, from + rate.sliceBytes);
    sink.writePiece(batch.memory, from, end);
    this.count(end - from, 1);
    rate.took(end - from, performance.now());
    capture?.writing?.(this.#context, end - from);
    await this.#taken();
    const isConfirmed = await this.#pacer.afterPiece(sink.socket, signal);
    if (isConfirmed) totals.confirmed += 1;
    capture?.wrote(this.#context, end - from, isConfirmed);
    return end;
  }

  async #taken(): Promise<void> {
    const sink = this.#sink!;
    const { signal } = this.#context;
    signal.throwIfAborted();
    if (sink.pendingBytes === 0) return;
    await new Promise<void>((resolve, reject) => {
      const abort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
      sink.whenTaken(() => {
        signal.removeEventListener('abort', abort);
        resolve();
      });
    });
  }
}
