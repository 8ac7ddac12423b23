import { NO_EVENTS } from '@socklab/lab/picture';
import { FrameFinder } from './frame-finder.ts';
import { MAX_RECORDED_BYTES, MAX_RECORDED_EVENTS } from './recorded.ts';
import type { FlowUpdate } from './recorded.ts';
import type { Side } from '@socklab/framing';
import type { ByteRange, FlowEvent } from '@socklab/lab/picture';

/** Records one direction of a connection up to a limit, and counts beyond it. It has no clock. */
export class FlowRecord {
  readonly #finder: FrameFinder | undefined;
  #take = 0;
  /** Offset in the stream at which the recording began. */
  #base = 0;
  #readBytes = 0;
  #wroteBytes = 0;
  /** Bytes of a piece that was reported when it was written, and is reported again. */
  #announcedBytes = 0;
  #events: FlowEvent[] = [];
  #totals = { ...NO_EVENTS };
  #messages: ByteRange[] = [];
  #hex = '';
  #omitted = 0;
  #omittedMessages = 0;
  #told = { events: 0, messages: 0, shownBytes: 0 };
  #isChanged = false;
  #isCounted = false;

  /**
   * @param framing - The framing, to find frames; none are found without it.
   * @param from - Which side sends.
   */
  constructor(framing: string | undefined, from: Side = 'client') {
    this.#finder = framing === undefined ? undefined : new FrameFinder(framing, from);
  }

  /** Whether there are recorded events that were not reported. */
  get isChanged(): boolean {
    return this.#isChanged;
  }

  /** Whether there are counted events that were not recorded or reported. */
  get isCounted(): boolean {
    return this.#isCounted;
  }

  /** The source was read. The memory is not kept. */
  read(memory: Buffer, byteLength: number, us: number): void {
    const start = this.#readBytes;
    this.#readBytes += byteLength;
    this.#add('came', start, this.#readBytes, us);
    const missing = MAX_RECORDED_BYTES - this.#hex.length / 2;
    if (missing > 0) this.#hex += memory.toString('hex', 0, Math.min(byteLength, missing));
    const frames = this.#finder?.push(memory.subarray(0, byteLength)) ?? [];
    for (const frame of frames) this.#addMessage(frame);
  }

  /** A piece is sent that `wrote` will report again. */
  writing(byteLength: number, us: number): void {
    this.#piece(byteLength, us);
    this.#announcedBytes = byteLength;
  }

  /** A piece was sent; `isConfirmed` when the other side is known to have read it. */
  wrote(byteLength: number, isConfirmed: boolean, us: number): void {
    if (this.#announcedBytes === 0) this.#piece(byteLength, us);
    this.#announcedBytes = 0;
    if (isConfirmed) this.#add('confirmed', this.#wroteBytes - byteLength, this.#wroteBytes, us);
  }

  /** The source ended: at most two of these events, kept regardless of the limit. */
  end(isReset: boolean, us: number): void {
    this.#events.push({ type: 'end', us, side: 'sender', isReset });
    this.#isChanged = true;
  }

  /** Clears the recording. Bytes read before and sent later are not part of the new recording. */
  restart(): void {
    this.#take += 1;
    this.#base = this.#readBytes;
    this.#events = [];
    this.#totals = { ...NO_EVENTS };
    this.#messages = [];
    this.#hex = '';
    this.#omitted = 0;
    this.#omittedMessages = 0;
    this.#told = { events: 0, messages: 0, shownBytes: 0 };
    this.#isChanged = true;
  }

  /** The events not reported yet. */
  takeUpdate(): FlowUpdate {
    const update = this.#since(this.#told);
    this.#told = { events: this.#events.length, messages: this.#messages.length, shownBytes: this.#hex.length / 2 };
    this.#isChanged = false;
    this.#isCounted = false;
    return update;
  }

  /** All of it. */
  get whole(): FlowUpdate {
    return this.#since({ events: 0, messages: 0, shownBytes: 0 });
  }

  #since(after: FlowUpdate['after']): FlowUpdate {
    return {
      take: this.#take,
      after,
      events: this.#events.slice(after.events),
      messages: this.#messages.slice(after.messages),
      omittedMessages: this.#omittedMessages,
      hex: this.#hex.slice(after.shownBytes * 2),
      totalBytes: this.#readBytes - this.#base,
      omittedEvents: this.#omitted,
      totals: { ...this.#totals },
    };
  }

  #piece(byteLength: number, us: number): void {
    const start = this.#wroteBytes;
    this.#wroteBytes += byteLength;
    this.#add('forwarded', start, this.#wroteBytes, us);
  }

  #add(type: 'came' | 'forwarded' | 'confirmed', start: number, end: number, us: number): void {
    if (end <= this.#base) return;
    this.#totals[type] += 1;
    if (this.#events.length >= MAX_RECORDED_EVENTS) {
      this.#omitted += 1;
      this.#isCounted = true;
      return;
    }
    this.#isChanged = true;
    this.#events.push({ type, us, start: Math.max(start, this.#base) - this.#base, end: end - this.#base });
  }

  #addMessage({ start, end }: ByteRange): void {
    if (start < this.#base) return;
    if (this.#messages.length < MAX_RECORDED_EVENTS) this.#messages.push({ start: start - this.#base, end: end - this.#base });
    else this.#omittedMessages += 1;
  }
}
