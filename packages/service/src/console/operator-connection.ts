import { createInterface } from 'node:readline';
import { plainScreen } from './screen.ts';
import type { Socket } from 'node:net';

/** The connection of an attached operator: a source of lines and a sink of texts. */
export interface OperatorConnection {
  /** One more line is asked for. */
  asked(): void;
  /** Shows whole lines. */
  write(text: string): void;
  /** Ends the connection, with a last line if given. */
  leave(lastLine?: string): void;
}

/** What an {@link OperatorConnection} calls. */
export interface OperatorConnectionListener {
  hear(line: string): void;
  /** The operator is gone, or does not read any more; called once. */
  left(): void;
}

/** Longest line an operator can enter, in bytes: no more is buffered. */
const MAX_LINE_BYTES = 65_536;
/** Most bytes that an operator may leave unread. */
const MAX_UNREAD_BYTES = 1_048_576;
/** How long an operator that is disconnected may take to close, in milliseconds. */
const LINGER_MS = 2000;
const LF = 0x0a;

/** Opens an {@link OperatorConnection} on an accepted socket that allows half-open connections. */
export function openOperatorConnection(socket: Socket, prompt: string, listener: OperatorConnectionListener): OperatorConnection {
  let isGone = false;
  let unendedBytes = 0;
  const show = (text: string) => {
    if (isGone) return;
    socket.write(text);
    if (socket.writableLength > MAX_UNREAD_BYTES) socket.destroy();
  };
  const screen = plainScreen({ write: show }, prompt);
  const leave = (lastLine?: string) => {
    if (isGone) return;
    if (lastLine !== undefined) screen.write(lastLine);
    isGone = true;
    listener.left();
    reader.close();
    // Further input is read and dropped: closing a connection with unread bytes resets it before its last line is read.
    socket.resume();
    const linger = setTimeout(() => socket.destroy(), LINGER_MS).unref();
    socket.once('close', () => clearTimeout(linger));
    socket.end();
  };
  // An error is followed by 'close', which is handled below.
  socket.on('error', () => undefined);
  socket.once('close', () => leave());
  const reader = createInterface({ input: socket, terminal: false });
  reader.on('line', (line) => {
    if (!isGone) listener.hear(line);
  });
  reader.on('error', () => undefined);
  reader.once('close', () => leave());
  socket.on('data', (chunk: Uint8Array) => {
    const lastEnd = chunk.lastIndexOf(LF);
    unendedBytes = lastEnd < 0 ? unendedBytes + chunk.length : chunk.length - lastEnd - 1;
    if (unendedBytes > MAX_LINE_BYTES) leave(`a line has at most ${MAX_LINE_BYTES} bytes`);
  });
  return { asked: () => screen.asked(), write: (text) => screen.write(text), leave };
}
