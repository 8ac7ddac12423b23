import type { Conversation, EndReason, Session } from './session.ts';

/** Sends back what comes. Source: RFC 862; with a framing, message by message. */
export function echo(): Session {
  return { name: 'echo', servesHalfClosed: true, serve };
}

async function serve({ messages, draining }: Conversation): Promise<EndReason> {
  for await (const batch of messages.batches()) {
    // One write a chunk. It resolves when the peer takes more: who does not read is not read either.
    await messages.sendBatch(batch);
  }
  return draining.aborted ? 'drain' : 'peer-ended';
}
