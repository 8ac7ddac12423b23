import { MAX_EVENTS, MAX_SHOWN_BYTES, NO_EVENTS } from '../../picture/flow.ts';
import { areBetween } from './segment-times.ts';
import type { Between, ByteRange, RecordedFlow, FlowEvent, HandshakeStep, SegmentCount } from '../../picture/flow.ts';
import type { Text } from '../../text.ts';
import type { Finding } from './recv.ts';
import type { CapturedSegment } from './segment-times.ts';
import type { FlowEnds, WriteLog } from './write-log.ts';
import type { BytesIn } from '@socklab/framing';

/** Label and transport of a flow. */
export interface FlowLabel {
  readonly label: Text;
  readonly transport: RecordedFlow['transport'];
  /** The names of both sockets, where several flows are drawn as one picture. */
  readonly between?: Between | undefined;
  /** The addresses of both ends, asked for at the first write. @defaultValue unknown: a log of writes has nothing of this flow */
  readonly ends?: (() => FlowEnds | undefined) | undefined;
}

/** Records the events of one direction, with the time of each call. Keeps no more than a picture shows. */
export interface Recorder {
  /** Bytes written so far: the offset of the next write. */
  readonly writtenBytes: number;
  /**
   * The sender gave these bytes to its kernel, by one system call or as one datagram.
   *
   * `messageBytes` are the lengths of the messages that begin in them, laid one after the other behind those told before; the
   * last may go on in later writes, which then begin none: `[]`. @defaultValue one message, of all of these bytes
   */
  write(bytes: BytesIn, messageBytes?: readonly number[]): ByteRange;
  /** One read returned the next bytes of a stream; 0 is its end. */
  read(byteLength: number): void;
  /** One read returned a datagram, which was written as this range. */
  readDatagram(range: ByteRange): void;
  /** The receiver decoded this range, the frame, as a message. Pass a short text, from `excerpt` in `text.ts`. */
  message(range: ByteRange, text: string): void;
  /** The receiver could not decode the bytes at `start`. */
  fault(start: number, reason: Text): void;
  /** A message or a fault that a program found. */
  found(finding: Finding): void;
  /** The kernel sent a range in this number of segments, by its own counter. The time of the call has no meaning. */
  segments(count: SegmentCount): void;
  /**
   * All segments of what was written, in the order of their bytes, as a capture has them. False, and nothing is recorded, where their
   * times cannot be true beside those of the writes and reads, or there is no room for all.
   */
  captured(segments: readonly CapturedSegment[]): boolean;
  /** A side is that far in connecting. */
  handshake(step: HandshakeStep): void;
  /** A side ended its direction or reset the connection. */
  end(side: 'sender' | 'receiver', isReset?: boolean): void;
}

/** Shared budget of all flows of one run. */
export interface Allowance {
  events: number;
  shownBytes: number;
}

/** Options of {@link createRecorder}, besides the label. */
export interface RecorderOptions extends FlowLabel {
  readonly id: number;
  /** Microseconds on the clock of the run. */
  readonly now: () => number;
  /** Budget shared with other recorders. */
  readonly allowance: Allowance;
  /** Takes what is written, however much it is. */
  readonly log?: WriteLog | undefined;
}

/** A recorder and its recording. */
export interface OwnedRecorder extends Recorder {
  /** The recording so far. */
  flow(): RecordedFlow;
}

/** Creates the recorder of one flow. */
export function createRecorder(options: RecorderOptions): OwnedRecorder {
  return new FlowRecorder(options);
}

/** What happens to a byte, in this order, may take less than a microsecond. */
const WAY: readonly FlowEvent['type'][] = ['write', 'segment', 'read', 'message', 'fault', 'end'];

class FlowRecorder implements OwnedRecorder {
  readonly #options: RecorderOptions;
  readonly #shown: Uint8Array[] = [];
  readonly #messages: ByteRange[] = [];
  readonly #events: FlowEvent[] = [];
  readonly #totals = { ...NO_EVENTS };
  readonly #segments: SegmentCount[] = [];
  #shownBytes = 0;
  #omittedEvents = 0;
  #omittedMessages = 0;
  #messagesEnd = 0;
  #readBytes = 0;
  #writtenBytes = 0;
  #ends: FlowEnds | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  write(bytes: BytesIn, messageBytes: readonly number[] = [bytes.length]): ByteRange {
    const range = { start: this.#writtenBytes, end: this.#writtenBytes + bytes.length };
    this.#writtenBytes = range.end;
    this.#tell((log, ends) => log.wrote(ends, bytes));
    this.#show(bytes);
    for (const byteLength of messageBytes) this.#meant(byteLength);
    this.#add({ type: 'write', us: this.#now(), ...range });
    return range;
  }

  read(byteLength: number): void {
    const start = this.#readBytes;
    this.#readBytes += byteLength;
    this.#add({ type: 'read', us: this.#now(), start, end: this.#readBytes });
  }

  readDatagram({ start, end }: ByteRange): void {
    this.#add({ type: 'read', us: this.#now(), start, end });
  }

  message({ start, end }: ByteRange, text: string): void {
    this.#add({ type: 'message', us: this.#now(), start, end, text });
  }

  fault(start: number, reason: Text): void {
    this.#add({ type: 'fault', us: this.#now(), start, reason });
  }

  found(finding: Finding): void {
    this.#add({ ...finding, us: this.#now() });
  }

  segments(count: SegmentCount): void {
    if (this.#segments.length < MAX_EVENTS) this.#segments.push(count);
  }

  captured(segments: readonly CapturedSegment[]): boolean {
    const room = Math.min(MAX_EVENTS - this.#events.length, this.#options.allowance.events);
    if (this.#omittedEvents > 0 || segments.length > room || !areBetween(segments, this.#events)) return false;
    for (const segment of segments) this.#add({ type: 'segment', ...segment });
    this.#events.sort((one, other) => one.us - other.us || WAY.indexOf(one.type) - WAY.indexOf(other.type));
    return true;
  }

  handshake(step: HandshakeStep): void {
    this.#add({ type: 'handshake', us: this.#now(), step });
  }

  end(side: 'sender' | 'receiver', isReset = false): void {
    this.#tell((log, ends) => log.ended(ends, side === 'sender' ? 'from' : 'to', isReset ? 'reset' : 'fin'));
    this.#add({ type: 'end', us: this.#now(), side, isReset });
  }

  flow(): RecordedFlow {
    const { id, label, transport, between } = this.#options;
    return {
      id,
      label,
      transport,
      ...(between === undefined ? {} : { between }),
      seenBy: 'ends',
      hex: Buffer.concat(this.#shown).toString('hex'),
      totalBytes: this.#writtenBytes,
      messages: this.#messages.flatMap((range) => writtenPart(range, this.#writtenBytes)),
      omittedMessages: this.#omittedMessages,
      events: [...this.#events],
      omittedEvents: this.#omittedEvents,
      totals: { ...this.#totals },
      segments: [...this.#segments],
    };
  }

  #tell(what: (log: WriteLog, ends: FlowEnds) => void): void {
    const { log, ends } = this.#options;
    if (log === undefined) return;
    this.#ends ??= ends?.();
    if (this.#ends !== undefined) what(log, this.#ends);
  }

  #now(): number {
    return this.#options.now();
  }

  #show(bytes: BytesIn): void {
    const { allowance } = this.#options;
    const room = Math.min(MAX_SHOWN_BYTES - this.#shownBytes, allowance.shownBytes, bytes.length);
    if (room <= 0) return;
    // Copy: the sender may reuse its memory.
    this.#shown.push(Uint8Array.from(bytes.subarray(0, room)));
    this.#shownBytes += room;
    allowance.shownBytes -= room;
  }

  #meant(byteLength: number): void {
    const { allowance } = this.#options;
    const range = { start: this.#messagesEnd, end: this.#messagesEnd + byteLength };
    this.#messagesEnd = range.end;
    if (this.#messages.length >= MAX_EVENTS || allowance.events === 0) {
      this.#omittedMessages++;
      return;
    }
    allowance.events--;
    this.#messages.push(range);
  }

  #add(event: FlowEvent): void {
    const { allowance, transport } = this.#options;
    const isEndOfStream = event.type === 'read' && event.start === event.end && transport === 'tcp';
    if (!isEndOfStream) this.#totals[event.type]++;
    if (this.#events.length >= MAX_EVENTS || allowance.events === 0) {
      this.#omittedEvents++;
      return;
    }
    allowance.events--;
    this.#events.push(event);
  }
}

/** Ends an incomplete message at the last byte written. */
function writtenPart({ start, end }: ByteRange, writtenBytes: number): readonly ByteRange[] {
  return start > writtenBytes ? [] : [{ start, end: Math.min(end, writtenBytes) }];
}
