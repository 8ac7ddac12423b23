import { createLineQueue } from './line-queue.ts';
import { createHearing } from './line-router.ts';
import { logDestination } from './log.ts';
import { createMissedTexts } from './missed.ts';
import { openSeat } from './operator-connection.ts';
import type { OperatorConsole } from './console.ts';
import type { LineListener } from './line-router.ts';
import type { Seat } from './operator-connection.ts';
import type { Socket } from 'node:net';

/** A console whose operator comes and goes. It ends when it is closed, not when the operator leaves. */
export interface AttachedConsole extends OperatorConsole {
  /** Seats an operator, who is shown what was printed meanwhile; somebody who comes second is told so, and is gone. */
  attach(socket: Socket): void;
}

/** Options of {@link createAttachedConsole}. */
export interface AttachedConsoleOptions {
  /** @defaultValue `'>>> '` */
  readonly prompt?: string;
  /** What an operator is shown first. */
  readonly greeting: string;
  readonly listener: LineListener;
}

/** A console for one operator at a time, each on a connection. Sockets must allow half-open connections. */
export function createAttachedConsole(options: AttachedConsoleOptions): AttachedConsole {
  const { prompt = '>>> ', greeting, listener } = options;
  const missed = createMissedTexts();
  let seat: Seat | undefined;
  let isClosed = false;
  const queue = createLineQueue(() => undefined);
  const print = (text: string) => {
    if (seat === undefined) missed.add(text);
    else seat.write(text);
  };
  const hear = createHearing({ listener, queue, isNeverPaused: true, print, showPrompt: () => seat?.asked() });
  return {
    attach(socket) {
      const next = openSeat(socket, prompt, { hear, left: () => (seat = seat === next ? undefined : seat) });
      if (isClosed || seat !== undefined) {
        next.leave(isClosed ? 'the service is ending' : 'an operator is attached already');
        return;
      }
      seat = next;
      seat.write(greeting);
      for (const text of missed.take()) seat.write(text);
      if (queue.isAsked) seat.asked();
    },
    ask(signal) {
      if (!isClosed && signal?.aborted !== true) seat?.asked();
      return queue.ask(signal);
    },
    print,
    logDestination: logDestination(print, false),
    ended: queue.ended,
    close() {
      isClosed = true;
      seat?.leave();
      queue.drop();
      queue.end();
    },
  };
}
