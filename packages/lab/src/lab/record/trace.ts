import { MAX_CONVERSATIONS, MAX_RUN_EVENTS, MAX_RUN_SHOWN_BYTES } from '../../picture/conversation.ts';
import { createRecorder } from './recorder.ts';
import type { Conversation } from '../../picture/conversation.ts';
import type { Allowance, ConversationLabel, OwnedRecorder, Recorder } from './recorder.ts';

/** Recording of a run. Plain JSON. */
export interface Recorded {
  /** In order of their start, at most `MAX_CONVERSATIONS`. */
  readonly conversations: readonly Conversation[];
  /** Number of conversations not kept. */
  readonly omittedConversations: number;
}

/** Recorder of one run. Its clock starts at creation. */
export interface Trace {
  /** Starts a conversation. Beyond `MAX_CONVERSATIONS` the recorder keeps nothing. */
  converse(label: ConversationLabel): Recorder;
  /** A snapshot of the recording so far. */
  recorded(): Recorded;
}

/** Creates the {@link Trace} of a run. */
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
