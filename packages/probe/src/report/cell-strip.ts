import { UNTRIED, worseCell } from '../trial/cells.ts';

/** The cells of one send: one byte of memory a position. */
export class CellStrip {
  readonly #cells: Uint8Array;

  constructor(byteLength: number) {
    this.#cells = new Uint8Array(Math.max(0, byteLength - 1)).fill(UNTRIED.charCodeAt(0));
  }

  /** Records the result of a cut; the worst of several counts. Cuts outside the send are ignored. */
  mark(cut: number, cell: string): void {
    const before = this.#cells[cut - 1];
    if (before !== undefined) this.#cells[cut - 1] = worseCell(String.fromCharCode(before), cell).charCodeAt(0);
  }

  toString(): string {
    return new TextDecoder().decode(this.#cells);
  }
}
