import { createLineQueue } from './line-queue.ts';
import { createLineRouter } from './line-router.ts';
import { logDestination } from './log.ts';
import { createMissedTexts } from './missed.ts';
import { openOperatorConnection } from './operator-connection.ts';
import type { OperatorConsole } from './console.ts';
import type { LineListener } from './line-router.ts';
import type { OperatorConnection } from './operator-connection.ts';
import type { Socket } from 'node:net';

/** A console whose operator attaches and detaches. It ends when it is closed, not when the operator leaves. */
export interface AttachedConsole extends OperatorConsole {
  /** Attaches an operator, who is shown what was printed meanwhile; a second operator is told so and disconnected. */
  attach(socket: Socket): void;
}

/** Options of {@link createAttachedConsole}. */
export interface AttachedConsoleOptions {
  /** @defaultValue `'>>> '` */
  readonly prompt?: string;
  /** What an operator is shown on attaching. */
  readonly greeting: string;
  readonly listener: LineListener;
}

/** A console for one operator at a time, each on a connection. Sockets must allow half-open connections. */
export function createAttachedConsole(options: AttachedConsoleOptions): AttachedConsole {
  const { prompt = '>>> ', greeting, listener } = options;
  const missed = createMissedTexts();
  let operator: OperatorConnection | undefined;
  let isClosed = false;
  const queue = createLineQueue(() => undefined);
  const print = (text: string) => {
    if (operator === undefined) missed.add(text);
    else operator.write(text);
  };
  const route = createLineRouter({ listener, queue, isNeverPaused: true, print, showPrompt: () => operator?.asked() });
  return {
    attach(socket) {
      const next = openOperatorConnection(socket, prompt, {
        hear: route,
        left: () => (operator = operator === next ? undefined : operator),
      });
      if (isClosed || operator !== undefined) {
        next.leave(isClosed ? 'the service is ending' : 'an operator is already attached');
        return;
      }
      operator = next;
      operator.write(greeting);
      for (const text of missed.take()) operator.write(text);
      if (queue.isAsked) operator.asked();
    },
    ask(signal) {
      if (!isClosed && signal?.aborted !== true) operator?.asked();
      return queue.ask(signal);
    },
    print,
    logDestination: logDestination(print, false),
    ended: queue.ended,
    close() {
      isClosed = true;
      operator?.leave();
      queue.drop();
      queue.end();
    },
  };
}
