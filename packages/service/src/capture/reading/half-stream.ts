/** A run of bytes of one side, or its end, which takes a sequence number too. Offsets are counted from the first byte that it sent. */
interface Run {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array | undefined;
}

/** What one side sent, in order: bytes, how many the capture lacks, or its end. */
export type InOrder = { readonly bytes: Uint8Array } | { readonly missingBytes: number } | { readonly isEnd: true };

const WRAP = 2 ** 32;

/**
 * Puts the segments of one side in order. All of them are noted first, so that a gap which nothing fills is known to be one and is not
 * waited for; then `take` gives what follows without a gap.
 */
export class HalfStream {
  retransmittedBytes = 0;
  outOfOrderSegments = 0;
  /** The sequence number that offset 0 has; `undefined` before anything was seen. */
  #base: number | undefined;
  /** The furthest offset that was seen, from which the next sequence numbers are told. */
  #furthest = 0;
  /** Runs of offsets that were captured; sorted and apart once they are looked at, those before `#passed` being behind. */
  #captured: { start: number; end: number }[] = [];
  #isSorted = true;
  #passed = 0;
  #next = 0;
  /** What came before its turn, sorted. */
  readonly #waiting: Run[] = [];

  /** Whether a connection that begins at this sequence number is this one. */
  isSame(sequence: number): boolean {
    return this.#base === undefined || this.#base === sequence;
  }

  /** The stream begins at this sequence number. */
  begin(sequence: number): void {
    this.#base ??= sequence;
  }

  /** Notes a segment. */
  note(sequence: number, byteLength: number, isEnd: boolean): void {
    this.begin(sequence);
    const start = this.#offsetOf(sequence);
    const end = start + byteLength + (isEnd ? 1 : 0);
    this.#furthest = Math.max(this.#furthest, end);
    if (end === start) return;
    this.#captured.push({ start, end });
    this.#isSorted = false;
  }

  /** What can be told now that this segment came. */
  take(sequence: number, bytes: Uint8Array, isEnd: boolean): readonly InOrder[] {
    const start = this.#offsetOf(sequence);
    const end = start + bytes.length;
    if (bytes.length > 0) {
      if (start < this.#next) this.retransmittedBytes += Math.min(end, this.#next) - start;
      this.#wait({ start, end, bytes });
    }
    if (isEnd) this.#wait({ start: end, end: end + 1, bytes: undefined });
    const told = this.#settled();
    // It waits for one that comes later; behind a gap that nothing fills it does not.
    if (this.#next < end) this.outOfOrderSegments++;
    return told;
  }

  #wait(run: Run): void {
    let [low, high] = [0, this.#waiting.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#waiting[middle]!.start <= run.start) low = middle + 1;
      else high = middle;
    }
    this.#waiting.splice(low, 0, run);
  }

  #settled(): readonly InOrder[] {
    const told: InOrder[] = [];
    for (let run = this.#waiting[0]; run !== undefined; run = this.#waiting[0]) {
      if (run.start > this.#next) {
        const gapEnd = this.#gapEnd();
        if (gapEnd <= this.#next) break;
        told.push({ missingBytes: gapEnd - this.#next });
        this.#next = gapEnd;
        continue;
      }
      this.#waiting.shift();
      if (run.end <= this.#next) continue;
      told.push(run.bytes === undefined ? { isEnd: true } : { bytes: run.bytes.subarray(this.#next - run.start) });
      this.#next = run.end;
    }
    return told;
  }

  /** Where the bytes end that no segment of the capture has, from the next one on; the next one itself when some segment has it. */
  #gapEnd(): number {
    if (!this.#isSorted) this.#sort();
    while (this.#passed < this.#captured.length && this.#captured[this.#passed]!.end <= this.#next) this.#passed++;
    const following = this.#captured[this.#passed];
    return following === undefined ? this.#next : Math.max(following.start, this.#next);
  }

  #sort(): void {
    const apart: { start: number; end: number }[] = [];
    for (const run of this.#captured.toSorted((left, right) => left.start - right.start)) {
      const last = apart.at(-1);
      if (last !== undefined && run.start <= last.end) last.end = Math.max(last.end, run.end);
      else apart.push({ ...run });
    }
    this.#captured = apart;
    this.#isSorted = true;
  }

  /** How far behind the first byte: sequence numbers wrap, so the offset nearest to the furthest one is meant. */
  #offsetOf(sequence: number): number {
    const ahead = (sequence - this.#base! - this.#furthest) % WRAP;
    if (ahead >= WRAP / 2) return this.#furthest + ahead - WRAP;
    return this.#furthest + (ahead < -WRAP / 2 ? ahead + WRAP : ahead);
  }
}
