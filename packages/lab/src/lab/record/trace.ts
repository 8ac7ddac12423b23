import { MAX_CONVERSATIONS, MAX_RUN_EVENTS, MAX_RUN_SHOWN_BYTES } from '../../picture/conversation.ts';
import { createRecorder } from './recorder.ts';
import type { Conversation } from '../../picture/conversation.ts';
import type { Allowance, ConversationLabel, OwnedRecorder, Recorder } from './recorder.ts';

/** What was recorded of a run. Plain JSON. */
export interface Recorded {
  /** In the order in which they began, at most `MAX_CONVERSATIONS`. */
  readonly conversations: readonly Conversation[];
  /** How many more there were. */
  readonly omittedConversations: number;
}

/** All that is recorded of one run. Its time begins when it is made. */
export interface Trace {
  /** Begins a conversation. Beyond `MAX_CONVERSATIONS` its recorder keeps nothing. */
  converse(label: ConversationLabel): Recorder;
  /** What was recorded so far; what is recorded later does not change it. */
  recorded(): Recorded;
}

/** Makes the {@link Trace} of a run. */
export function createTrace(): Trace {
  const startedAt = performance.now();
  const now = (): number => Math.round((performance.now() - startedAt) * 1000);
  const allowance: Allowance = { events: MAX_RUN_EVENTS, shownBytes: MAX_RUN_SHOWN_BYTES };
  const recorders: OwnedRecorder[] = [];
  let begun = 0;
  return {
    converse(label) {
      const isKept = begun++ < MAX_CONVERSATIONS;
      const recorder = createRecorder({ ...label, id: begun, now, allowance: isKept ? allowance : { events: 0, shownBytes: 0 } });
      if (isKept) recorders.push(recorder);
      return recorder;
    },
    recorded: () => ({
      conversations: recorders.map((recorder) => recorder.conversation()),
      omittedConversations: begun - recorders.length,
    }),
  };
}
