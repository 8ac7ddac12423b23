/** How messages are handed to the kernel. */
export type WriteMode =
  /** Each in its own write, one after the other. */
  | 'each'
  /** The same, with a gap in between. */
  | 'gap'
  /** All in one write. */
  | 'cork'
  /** Cut into pieces of one size, each written when the receiver has read all before it. */
  | 'pieces';

/** When the receiver begins to read. */
export type FirstRead =
  /** Before anything is written. */
  | 'at-once'
  /** When everything waits in its kernel's queue. */
  | 'queued'
  /** After a time. */
  | 'delayed';

/** Settings of one run of the playground. Plain JSON. */
export interface PlaygroundSettings {
  /** Messages as text, with the escapes `\n \r \t \0 \\ \xHH \u{H}`. */
  readonly messages: readonly string[];
  /** How many times the whole list is sent. */
  readonly repeat: number;
  /** What keeps the messages apart: one of `PLAYGROUND_FRAMINGS`, a short form, or a layout as JSON. `raw` runs beside it. */
  readonly framing: string;
  readonly write: WriteMode;
  /** Time between writes, in milliseconds; counts with `write: 'gap'`. */
  readonly gapMs: number;
  /** Size of a piece; counts with `write: 'pieces'`. */
  readonly pieceBytes: number;
  /** True disables Nagle's algorithm. */
  readonly noDelay: boolean;
  /** Most bytes that one read takes. */
  readonly readBytes: number;
  readonly firstRead: FirstRead;
  /** Time until the first read, in milliseconds; counts with `firstRead: 'delayed'`. */
  readonly firstReadMs: number;
  /** Time between a read and the next, in milliseconds. */
  readonly readGapMs: number;
}

/** A setting, by its name. */
export type SettingName = keyof PlaygroundSettings;

/** A setting that is a number. */
export type NumberName = 'repeat' | 'gapMs' | 'pieceBytes' | 'readBytes' | 'firstReadMs' | 'readGapMs';

export const WRITE_MODES: readonly WriteMode[] = ['each', 'gap', 'cork', 'pieces'];

export const FIRST_READS: readonly FirstRead[] = ['queued', 'at-once', 'delayed'];

/** Least and greatest value of each number. */
export const RANGES: Readonly<Record<NumberName, { readonly min: number; readonly max: number }>> = {
  repeat: { min: 1, max: 10_000 },
  gapMs: { min: 1, max: 1000 },
  pieceBytes: { min: 1, max: 65_536 },
  readBytes: { min: 1, max: 65_536 },
  firstReadMs: { min: 1, max: 5000 },
  readGapMs: { min: 0, max: 1000 },
};

/** Most messages of a run, including repetitions. */
export const MAX_MESSAGES = 10_000;

/** Longest message, in bytes. */
export const MAX_MESSAGE_BYTES = 65_536;

/** Most bytes of all messages together. */
export const MAX_TOTAL_BYTES = 4_194_304;

/** Most pieces of a run: each waits until the one before it was read. */
export const MAX_PIECES = 10_000;

/** Most reads that a run needs at least. */
export const MAX_READS = 100_000;

/** Most bytes that wait in the kernel: what certainly fits while the receiver does not read. */
export const MAX_QUEUED_BYTES = 32_768;

/** Longest time that the gaps and delays of both connections may take, in milliseconds. */
export const MAX_DELAYS_MS = 20_000;

/** Longest time of a run, in milliseconds. */
export const TIME_LIMIT_MS = 30_000;

/** Three messages, glued without framing. */
export const DEFAULT_SETTINGS: PlaygroundSettings = {
  messages: ['hello', 'world', '你好'],
  repeat: 1,
  framing: 'i32le',
  write: 'each',
  gapMs: 10,
  pieceBytes: 3,
  noDelay: false,
  readBytes: 1024,
  firstRead: 'queued',
  firstReadMs: 50,
  readGapMs: 0,
};
