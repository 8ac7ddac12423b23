import { setTimeout as wait } from 'node:timers/promises';
import { connectOnce } from './connect.ts';
import { START_PATIENCE_MS } from './program.ts';
import type { StudentProgram } from './program.ts';
import type { BytesIn } from '@socklab/framing';
import type { Socket } from 'node:net';

/** What arrived in time. */
export interface Heard {
  readonly bytes: Buffer;
  /** Whether the program has ended its side, or reset the connection. */
  readonly isEnded: boolean;
}

/** One conversation with the student's server. */
export interface ServerConversation {
  say(bytes: BytesIn): void;
  /** Waits for this many bytes, for the end, or until the time is up, in milliseconds. */
  hear(byteLength: number, timeoutMs?: number): Promise<Heard>;
  close(): void;
}

/** Timeout of an answer. */
export const ANSWER_MS = 3000;
const RETRY_MS = 50;

/** Starts the program unless it runs, and connects; `undefined` when it accepts no connection. */
export async function converse(program: StudentProgram, signal: AbortSignal): Promise<ServerConversation | undefined> {
  await program.start();
  const giveUpAt = performance.now() + START_PATIENCE_MS;
  while (program.ending === undefined && performance.now() < giveUpAt) {
    const socket = await connectOnce(program.port, signal);
    if (socket !== undefined) return conversationOver(socket);
    await wait(RETRY_MS, undefined, { signal });
  }
  return undefined;
}

function conversationOver(socket: Socket): ServerConversation {
  const heard = { waiting: Buffer.alloc(0), isEnded: false };
  let changed = Promise.withResolvers<void>();
  const change = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const ended = (): void => {
    heard.isEnded = true;
    change();
  };
  socket.on('data', (chunk: Buffer) => {
    heard.waiting = Buffer.concat([heard.waiting, chunk]);
    change();
  });
  socket.on('end', ended).on('close', ended);
  // A reset is an end too.
  socket.on('error', ended);
  return {
    say: (bytes) => void socket.write(bytes),
    async hear(byteLength, timeoutMs = ANSWER_MS) {
      const timer = new AbortController();
      const late = wait(timeoutMs, 'late' as const, { signal: timer.signal }).catch(() => undefined);
      let isOver = false;
      while (!isOver && heard.waiting.length < byteLength && !heard.isEnded) {
        isOver = (await Promise.race([changed.promise, late])) === 'late';
      }
      timer.abort();
      const bytes = heard.waiting.subarray(0, byteLength);
      heard.waiting = heard.waiting.subarray(bytes.length);
      return { bytes, isEnded: heard.isEnded && heard.waiting.length === 0 };
    },
    close: () => socket.destroy(),
  };
}
