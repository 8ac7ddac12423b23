import { BLOCK_BYTES, takeBlock } from './blocks.ts';
import { READ_BYTES } from './static-read.ts';
import type { Socket } from 'node:net';

/** Longest piece, in bytes, that is copied byte by byte. */
const SMALL_BYTES = 32;

/** Memories that all sockets write from, the smallest that fits: a socket whose peer does not read keeps the one it was written from. */
const SIZES: readonly number[] = [1024, 8192, BLOCK_BYTES];
const memories: Buffer[] = SIZES.map(newMemory);
// Peers tend to send the same size again, and reads come from the same memory: the views of the last ones save making them.
let view: Buffer = memories[0]!.subarray(0, 0);
let source: Uint8Array = view;
let sourceView: Uint8Array = view;

function indexFor(byteLength: number): number {
  return byteLength <= SIZES[0]! ? 0 : byteLength <= SIZES[1]! ? 1 : 2;
}

function viewOf(byteLength: number): Buffer {
  if (view.length !== byteLength) view = memories[indexFor(byteLength)]!.subarray(0, byteLength);
  return view;
}

function newMemory(byteLength: number): Buffer {
  return byteLength === BLOCK_BYTES ? takeBlock() : Buffer.allocUnsafeSlow(byteLength);
}

/** Leaves the memory of the last write to its socket, which is not done with it. */
function leaveMemory(byteLength: number): Buffer {
  const index = indexFor(byteLength);
  const left = memories[index]!;
  memories[index] = newMemory(SIZES[index]!);
  view = memories[0]!.subarray(0, 0);
  return left;
}

/**
 * Writes the first `byteLength` bytes of `bytes`, which may be overwritten after the call.
 *
 * Nothing is allocated when the kernel takes them at once, as it does for a peer that reads: they go out of one memory that
 * all sockets share. Where it does not, the socket keeps that memory until they are gone, and another takes its place.
 *
 * @returns the memory that the socket keeps until then, to be given back: none when the kernel took them at once.
 */
export function writeTransient(socket: Socket, bytes: Uint8Array, byteLength: number): Uint8Array | undefined {
  checkRange(bytes, 0, byteLength);
  if (byteLength > READ_BYTES || socket.writableLength > 0) {
    const copy = Buffer.from(bytes.subarray(0, byteLength));
    socket.write(copy);
    return socket.writableLength === 0 ? undefined : copy;
  }
  if (source !== bytes || sourceView.length !== byteLength) {
    source = bytes;
    sourceView = bytes.subarray(0, byteLength);
  }
  const written = viewOf(byteLength);
  written.set(sourceView);
  socket.write(written);
  return socket.writableLength === 0 ? undefined : leaveMemory(byteLength);
}

/**
 * Writes `bytes[start, end)` in a write of its own, as {@link writeTransient} does.
 *
 * Pieces are small and many: what is copied is copied byte by byte where making a view of it would cost more.
 *
 * @returns whether the kernel took it at once, and nothing waits.
 */
export function writeRange(socket: Socket, bytes: Buffer, start: number, end: number): boolean {
  checkRange(bytes, start, end);
  const byteLength = end - start;
  if (byteLength > READ_BYTES || socket.writableLength > 0) {
    socket.write(Buffer.from(bytes.subarray(start, end)));
    return socket.writableLength === 0;
  }
  const written = viewOf(byteLength);
  if (byteLength <= SMALL_BYTES) for (let index = 0; index < byteLength; index++) written[index] = bytes[start + index]!;
  else bytes.copy(written, 0, start, end);
  socket.write(written);
  if (socket.writableLength === 0) return true;
  leaveMemory(byteLength);
  return false;
}

// The memory has bytes of other connections in it: each that is sent must have been written over first.
function checkRange({ length }: Uint8Array, start: number, end: number): void {
  if (start < 0 || end < start || end > length) throw new RangeError(`bytes ${start} to ${end}, allowed are those of ${length}`);
}
