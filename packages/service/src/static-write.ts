import type { Socket } from 'node:net';
import { READ_BYTES } from './static-read.ts';

/** Longest piece, in bytes, that is copied byte by byte. */
const SMALL_BYTES = 32;

let memory: Buffer = Buffer.allocUnsafeSlow(READ_BYTES);
// Peers tend to send the same size again, and reads come from the same memory: the views of the last ones save making them.
let view: Buffer = memory.subarray(0, 0);
let source: Buffer = memory;
let sourceView: Buffer = view;

/**
 * Writes the first `byteLength` bytes of `bytes`, which may be overwritten after the call.
 *
 * Nothing is allocated when the kernel takes them at once, as it does for a peer that reads: they go out of one memory that
 * all sockets share. Where it does not, the socket keeps that memory until they are gone, and another takes its place.
 */
export function writeTransient(socket: Socket, bytes: Buffer, byteLength: number): void {
  if (byteLength > READ_BYTES || socket.writableLength > 0) {
    socket.write(Buffer.from(bytes.subarray(0, byteLength)));
    return;
  }
  if (view.length !== byteLength) view = memory.subarray(0, byteLength);
  if (source !== bytes || sourceView.length !== byteLength) {
    source = bytes;
    sourceView = bytes.subarray(0, byteLength);
  }
  view.set(sourceView);
  socket.write(view);
  if (socket.writableLength > 0) {
    memory = Buffer.allocUnsafeSlow(READ_BYTES);
    view = memory.subarray(0, 0);
  }
}

/**
 * Writes `bytes[start, end)` in a write of its own, as {@link writeTransient} does.
 *
 * Pieces are small and many: what is copied is copied byte by byte where making a view of it would cost more.
 *
 * @returns whether the kernel took it at once, and nothing waits.
 */
export function writeRange(socket: Socket, bytes: Buffer, start: number, end: number): boolean {
  const byteLength = end - start;
  if (byteLength > READ_BYTES || socket.writableLength > 0) {
    socket.write(Buffer.from(bytes.subarray(start, end)));
    return socket.writableLength === 0;
  }
  if (view.length !== byteLength) view = memory.subarray(0, byteLength);
  if (byteLength <= SMALL_BYTES) for (let index = 0; index < byteLength; index++) view[index] = bytes[start + index]!;
  else bytes.copy(view, 0, start, end);
  socket.write(view);
  if (socket.writableLength === 0) return true;
  memory = Buffer.allocUnsafeSlow(READ_BYTES);
  view = memory.subarray(0, 0);
  return false;
}
