import { BLOCK_BYTES, takeBlock } from './blocks.ts';
import { READ_BYTES } from './static-read.ts';
import type { Socket } from 'node:net';

/** Longest piece that is copied byte by byte, in bytes. */
const SMALL_BYTES = 32;

/** Memories that all sockets write from, the smallest that fits: a socket whose peer does not read keeps the one that was used. */
const SIZES: readonly number[] = [1024, 8192, BLOCK_BYTES];
const memories: Buffer[] = SIZES.map(newMemory);
// Peers tend to send the same size again, from the same memory: the last views are reused.
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

/** Leaves the memory of the last write to its socket, which still needs it. */
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
 * Allocates nothing when the kernel takes them at once, as it does for a peer that reads: they are sent from one memory
 * that all sockets share. Otherwise the socket keeps that memory until they are sent, and another replaces it.
 *
 * @returns the memory that the socket keeps until then, to be given back: undefined when the kernel took them at once.
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
 * For many small pieces: bytes are copied one by one where a view would cost more.
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

// The memory holds bytes of other connections: write every byte before it is sent.
function checkRange({ length }: Uint8Array, start: number, end: number): void {
  if (start < 0 || end < start || end > length) throw new RangeError(`bytes ${start} to ${end}; allowed: those of ${length}`);
}
