import { connect } from 'node:net';
import { LabError } from '../base/errors.ts';
import { Recv } from '../record/recv.ts';
import type { Recorder } from '../record/recorder.ts';
import type { RecvProgram } from '../record/recv.ts';
import type { Bytes } from '@socklab/framing';
import type { Socket } from 'node:net';

/** The receiving end of a connection: each read is one read() of the size that the program asked for. */
export interface Receiver<Result> {
  /** The bytes of each read so far, including the empty one at the end. */
  readonly reads: readonly Bytes[];
  /** Whether the program has returned or thrown. */
  readonly isDone: boolean;
  /** Starts reading. Before, everything waits in the kernel. */
  start(): void;
  /** Resolves once `byteLength` bytes were read in total or the program ended. */
  hasRead(byteLength: number): Promise<void>;
  /** Result of the program. Rejects if it throws or the connection breaks first. */
  result(): Promise<Result>;
}

interface Waiter {
  readonly isReached: () => boolean;
  readonly resolve: () => void;
}

/** Connects a receiver to a port of 127.0.0.1. Reads nothing before `start`. */
export function connectReceiver<Result>(
  port: number,
  program: RecvProgram<Result>,
  recorder: Recorder,
): { readonly receiver: Receiver<Result>; readonly socket: Socket } {
  const recv = new Recv(program, recorder);
  const receiver = new SocketReceiver(recv);
  const socket = connect({
    host: '127.0.0.1',
    port,
    // With our own buffer of n bytes, the socket reads directly into it, like recv(n).
    onread: { buffer: () => recv.buffer, callback: (byteLength) => receiver.took(byteLength) },
  });
  // Before it is connected, so that the first read waits for start().
  socket.pause();
  receiver.attach(socket);
  return { receiver, socket };
}

class SocketReceiver<Result> implements Receiver<Result> {
  readonly #recv: Recv<Result>;
  #socket: Socket | undefined;
  #waiters: Waiter[] = [];

  constructor(recv: Recv<Result>) {
    this.#recv = recv;
  }

  attach(socket: Socket): void {
    this.#socket = socket;
    const ended = (): void => {
      this.#recv.ended();
      this.#changed();
    };
    const failed = (error: unknown): void => {
      this.#recv.fail(error);
      this.#changed();
    };
    const closed = (): void => failed(new LabError('LAB_ERR_CLOSED', 'the connection closed while the receiver still reads'));
    socket.on('end', ended).on('error', failed).on('close', closed);
  }

  /** @returns Whether to go on reading. */
  took(byteLength: number): boolean {
    this.#recv.took(byteLength);
    this.#changed();
    return !this.isDone;
  }

  get reads(): readonly Bytes[] {
    return this.#recv.reads;
  }

  get isDone(): boolean {
    return this.#recv.result !== undefined;
  }

  start(): void {
    this.#socket?.resume();
  }

  hasRead(byteLength: number): Promise<void> {
    return this.#until(() => this.#recv.readBytes >= byteLength);
  }

  async result(): Promise<Result> {
    await this.#until(() => false);
    const { result } = this.#recv;
    if (result !== undefined && 'value' in result) return result.value;
    throw result?.error;
  }

  #until(isReached: () => boolean): Promise<void> {
    if (this.isDone || isReached()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push({ isReached, resolve });
    });
  }

  #changed(): void {
    this.#waiters = this.#waiters.filter(({ isReached, resolve }) => {
      const isOver = this.isDone || isReached();
      if (isOver) resolve();
      return !isOver;
    });
  }
}
