import type { Exchange, FrameSpan, Trial } from '@socklab/probe';

/** The sends of an exchange as one strip of bytes, whose cuts are counted from 1. Between two sends nothing can be cut. */
export class Sends {
  /** Where each begins, then where the last ends. */
  readonly #starts: number[] = [0];
  /** Where frames begin and end. */
  readonly frames: readonly FrameSpan[];

  constructor({ steps }: Exchange) {
    this.frames = steps.flatMap((step) => {
      if (!('send' in step)) return [];
      const offset = this.byteLength;
      this.#starts.push(offset + step.send.length);
      return (step.frames ?? []).map(({ start, end, ...rest }) => ({ ...rest, start: offset + start, end: offset + end }));
    });
  }

  get byteLength(): number {
    return this.#starts.at(-1)!;
  }

  /** The cut of a trial that sends everything in its turn, cut once, and does nothing else. */
  onlyCut({ steps }: Trial): number | undefined {
    const bursts = steps.filter((step) => step.kind === 'burst');
    const [burst, ...others] = bursts.filter(({ pieces }) => pieces.length !== 1);
    if (burst === undefined || others.length > 0 || burst.pieces.length !== 2) return undefined;
    if (bursts.some(({ sends, end }) => sends.length > 1 || end)) return undefined;
    return this.#starts[burst.sends[0]!]! + burst.pieces[0]!.end;
  }

  /** A cut as the engine writes it; `undefined` where there is none. */
  shapeOf(cut: number): string | undefined {
    const send = this.#starts.findLastIndex((start) => start <= cut);
    const start = this.#starts[send];
    if (start === undefined || cut === start || cut >= this.byteLength) return undefined;
    return send === 0 ? `${cut}` : `${send}@${cut - start}`;
  }
}
