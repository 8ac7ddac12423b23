import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';

/**
 * A Transform that fails in order: a destroyed stream drops what its reader has not read yet, so an error waits until
 * everything before it was read.
 */
export abstract class OrderedTransform extends Transform {
  #fail: (() => void) | undefined;
  /** What continues once the reader wants more. */
  #goOn: (() => void) | undefined;

  /** Fails through `callback` once the reader has read everything pushed so far. */
  protected failInOrder(error: unknown, callback: TransformCallback): void {
    this.#fail = () => callback(error as Error);
    this.#failWhenRead();
  }

  /** Calls `goOn` once the reader wants more: what to do after `push` returned false. */
  protected whenWanted(goOn: () => void): void {
    this.#goOn = goOn;
  }

  override _read(size: number): void {
    const goOn = this.#goOn;
    this.#goOn = undefined;
    goOn?.();
    // Called again afterwards: Transform may have kept its callback, and asks only once.
    super._read(size);
  }

  // Every way of reading ends up here: loops, 'data', pipes.
  override read(size?: number): unknown {
    const taken: unknown = super.read(size);
    this.#failWhenRead();
    return taken;
  }

  #failWhenRead(): void {
    if (this.#fail === undefined || this.readableLength > 0) return;
    const fail = this.#fail;
    this.#fail = undefined;
    fail();
  }
}
