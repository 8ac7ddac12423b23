import { Socket } from 'node:net';
import type { SocketConstructorOpts } from 'node:net';

/** Bytes of one read: the most that the kernel gives at a time. */
export const READ_BYTES = 65_536;

/** Called for each read: the first `byteLength` bytes of the memory are new. `false` stops reading until `resume()`. */
export type OnRead = (byteLength: number, memory: Buffer) => boolean;

let memory: Buffer | undefined;

/** The one memory for connections that support it in public API: `onread` of `net.connect`. */
export function sharedReadMemory(): Buffer {
  memory ??= Buffer.allocUnsafeSlow(READ_BYTES);
  return memory;
}

/** The handle below a socket, which Node does not expose: the one private property that this file needs. */
interface Accepted extends Socket {
  _handle?: object | null;
}

/**
 * Takes over an accepted connection so that every read goes to one memory that all connections of the process share. Node offers that
 * (`onread`) to clients only; an accepted socket gets a fresh 64 KiB and an event for each read, which is most of the cost of a small
 * read.
 *
 * @param accepted - from a server with `pauseOnConnect`, not read yet. Not usable afterwards, and no longer counted by its server.
 * @returns `undefined`, with the socket unchanged, where this Node lacks the handle, and for a socket that is more than TCP.
 */
export function readStatically(accepted: Socket, onRead: OnRead, highWaterMark: number): Socket | undefined {
  const takenFrom = accepted as Accepted;
  // oxlint-disable-next-line no-underscore-dangle -- the private property that this file is about
  const handle = takenFrom._handle;
  // A TLS socket has another kind of handle, and bytes that were pushed back are in the old socket.
  if (Object.getPrototypeOf(accepted) !== Socket.prototype || accepted.readableLength > 0 || !hasUserMemory(handle)) return undefined;
  // oxlint-disable-next-line no-underscore-dangle -- else the old socket would close it
  takenFrom._handle = null;
  accepted.destroy();
  const takeOver: TakeOver = { handle, allowHalfOpen: true, highWaterMark, onread: { buffer: sharedReadMemory(), callback: onRead } };
  return new Socket(takeOver as SocketConstructorOpts);
}

function hasUserMemory(handle: unknown): handle is object {
  return typeof handle === 'object' && handle !== null && 'useUserBuffer' in handle && typeof handle.useUserBuffer === 'function';
}

/** Arguments of `net.Socket` that its types lack: the handle of an accepted connection, and a high water mark. */
interface TakeOver extends Omit<SocketConstructorOpts, 'handle'> {
  readonly handle: object;
  readonly highWaterMark: number;
}
