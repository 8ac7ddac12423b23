/** The tasks: find the frames of a stream, find its lines, or write frames. */
export type Task = 'decode' | 'lines' | 'encode';

/** Whose code it is: this package, an npm package, or a hand-written loop that knows nothing but this benchmark. */
export type Group = 'ours' | 'npm' | 'by hand';

/** How payloads are framed. All contenders read the same payloads, each in the frames that it supports. */
export type Wire = 'u32be' | 'u32le' | 'varint' | 'lf';

/** A payload size, in bytes; for `mixed`, which is seeded, anything from 1 byte to 8 KiB, small ones more often. */
export interface Size {
  readonly name: string;
  readonly payloadBytes: number | 'mixed';
}

/** How much of the stream arrives at once. */
export interface Chunking {
  readonly name: string;
  readonly chunkBytes: number;
  /** Bytes of the stream in one run: fewer where each byte costs more. */
  readonly streamBytes: number;
}

/** One measurement: all contenders of the task do the same work. */
export interface Cell {
  readonly task: Task;
  readonly size: Size;
  readonly chunking: Chunking;
  /** The contenders, when not all of them take part. */
  readonly only?: Group;
}

const KiB = 1024;
const MiB = 1024 * KiB;

export const SIZES: readonly Size[] = [
  { name: '16B', payloadBytes: 16 },
  { name: '128B', payloadBytes: 128 },
  { name: '1KiB', payloadBytes: KiB },
  { name: '64KiB', payloadBytes: 64 * KiB },
  { name: 'mixed', payloadBytes: 'mixed' },
];

/** Frames that take many chunks: a byte must cost the same in both. Only ours: most others refuse them or never finish. */
export const LARGE_SIZES: readonly Size[] = [
  { name: '32MiB', payloadBytes: 32 * MiB },
  { name: '64MiB', payloadBytes: 64 * MiB },
];

export const CHUNKINGS: readonly Chunking[] = [
  { name: '64KiB-chunks', chunkBytes: 64 * KiB, streamBytes: MiB },
  { name: '1460B-chunks', chunkBytes: 1460, streamBytes: MiB },
  { name: '1B-chunks', chunkBytes: 1, streamBytes: 64 * KiB },
];

/** Encoders see no chunks; this only sets how much they write in one run, small enough to stay in the processor's cache. */
export const ENCODING: Chunking = { name: 'encode', chunkBytes: 64 * KiB, streamBytes: 512 * KiB };

const MEAN_MIXED_BYTES = 900;

export const CELLS: readonly Cell[] = [
  ...CHUNKINGS.flatMap((chunking) => SIZES.map((size): Cell => ({ task: 'decode', size, chunking }))),
  // Only people send lines byte by byte.
  ...CHUNKINGS.slice(0, 2).flatMap((chunking) => SIZES.map((size): Cell => ({ task: 'lines', size, chunking }))),
  ...LARGE_SIZES.map((size): Cell => ({ task: 'decode', size, chunking: CHUNKINGS[0]!, only: 'ours' })),
  ...SIZES.map((size): Cell => ({ task: 'encode', size, chunking: ENCODING })),
];

/** How many frames one run of `cell` takes. */
export function framesOf({ size, chunking }: Cell): number {
  const payloadBytes = size.payloadBytes === 'mixed' ? MEAN_MIXED_BYTES : size.payloadBytes;
  return Math.max(1, Math.floor(chunking.streamBytes / payloadBytes));
}
