import { hasTime, isMuch, lineUp } from '../connection/read-turns.ts';
import type { TurnReader } from '../connection/read-turns.ts';
import type { Socket } from 'node:net';

/** Bytes that are parsed at a time: fifty of the shortest requests. Node.js refuses those itself, which costs some 4 ms. */
const PIECE_BYTES = 1024;

/** What a byte of HTTP costs, against one that is echoed: a piece is enough to look at the clock. */
const COST = 8;

type Parse = (this: Socket, piece: Buffer) => void;

/**
 * Has what comes on a connection of an HTTP server parsed in pieces, in the turns that all connections of the process share. By itself
 * Node.js parses a whole read at once: thousands of requests, 50 ms, also after the first of them ended the connection.
 *
 * Call it in the server's 'connection' event. The server must have no 'upgrade' and no 'connect' listener.
 */
export function parseInTurns(socket: Socket): void {
  const parsers = socket.listeners('data') as Parse[];
  socket.removeAllListeners('data');
  const reader = new HttpReader(socket, (piece) => {
    for (const parse of parsers) parse.call(socket, piece);
  });
  // With a listener that is not its own, Node.js does not read the socket past JavaScript.
  socket.on('data', (chunk: Buffer) => reader.take(chunk)).on('resume', () => reader.resumed());
}

/**
 * ```
 *        the time of the turn is over            its turn
 * free ------------------------------> waiting -----------> free
 *      --HTTP has paused the socket--> blocked --resumed--> free
 * ```
 */
class HttpReader implements TurnReader {
  readonly #socket: Socket;
  readonly #parse: (piece: Buffer) => void;
  #state: 'free' | 'waiting' | 'blocked' = 'free';
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, parse: (piece: Buffer) => void) {
    this.#socket = socket;
    this.#parse = parse;
  }

  get isLight(): boolean {
    return !isMuch(this.#rest.length);
  }

  take(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#state === 'free') this.#goOnWhileThereIsTime();
  }

  goOn(): void {
    this.#state = 'free';
    this.#socket.resume();
    this.#parseNext();
    this.#goOnWhileThereIsTime();
  }

  /** It holds one read at most, and is not read meanwhile. */
  standAside(): void {}

  resumed(): void {
    // HTTP reads on for the rest of a request; its place in the line says when.
    if (this.#state === 'waiting') this.#socket.pause();
    if (this.#state !== 'blocked' || this.#socket.isPaused()) return;
    this.#state = 'free';
    this.#goOnWhileThereIsTime();
  }

  #goOnWhileThereIsTime(): void {
    while (this.#hasMore()) {
      if (this.#socket.isPaused()) {
        // Its parser takes nothing until enough answers were sent.
        this.#state = 'blocked';
        return;
      }
      if (!hasTime(COST * Math.min(this.#rest.length, PIECE_BYTES))) {
        this.#state = 'waiting';
        this.#socket.pause();
        lineUp(this);
        return;
      }
      this.#parseNext();
    }
  }

  #hasMore(): boolean {
    return this.#rest.length > 0 && !this.#socket.destroyed;
  }

  #parseNext(): void {
    const piece = this.#rest.subarray(0, PIECE_BYTES);
    this.#rest = this.#rest.subarray(piece.length);
    if (!this.#socket.destroyed) this.#parse(piece);
  }
}
