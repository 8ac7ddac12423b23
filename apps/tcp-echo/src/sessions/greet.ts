import { printable } from '@socklab/service';
import { fillGreeting } from './greeting.ts';
import type { Session } from '../session.ts';
import type { Identity } from './greeting.ts';

/** Longest reply, in bytes: the `recv(1024)` of every tutorial. */
export const MAX_REPLY_BYTES = 1024;

/** Options of {@link greet}. */
export interface GreetOptions {
  /** The greeting, sent first, as UTF-8, unchanged. */
  readonly greeting: string;
  readonly identity: Identity;
  readonly now: () => Date;
}

/** Sends a greeting, reads one reply of at most {@link MAX_REPLY_BYTES} bytes, logs it as text, and ends. */
export function greet({ greeting, identity, now }: GreetOptions): Session {
  const encoder = new TextEncoder();
  return {
    kind: 'conversation',
    name: 'greet',
    servesHalfClosed: true,
    async serve({ id, address, messages, log, draining }) {
      await messages.send(encoder.encode(fillGreeting(greeting, identity, { id, address, time: now() })));
      const [reply] = (await messages.nextBatch()) ?? [];
      if (reply === undefined) return draining.aborted ? 'drain' : 'peer-ended';
      const read = reply.subarray(0, MAX_REPLY_BYTES);
      log.info({ text: printable(read), bytes: read.length }, 'reply received');
      return 'served';
    },
  };
}
