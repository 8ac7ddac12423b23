import type { EndReason } from '../session.ts';

/** Why the service leaves a conversation. */
export type LeaveReason = Extract<EndReason, 'operator-next' | 'operator-left' | 'drain'>;

/** A current conversation of the operator. */
export interface OperatorConversation {
  /** Aborts when it is to be left; the reason is a {@link LeaveReason}. */
  readonly leaving: AbortSignal;
  /** Whether it is the operator's turn to speak. */
  isAsked: boolean;
  /** Requests its end. The first reason counts. */
  leave(reason: LeaveReason): void;
  /** It is over. */
  end(): void;
}

/** The current conversations of the operator: one, unless all clients are served at once. */
export interface OperatorConversations {
  /** Starts a conversation with the connection of that number. */
  begin(id: number): OperatorConversation;
  /** Leaves the one for which the operator is asked, or else the oldest; returns its connection, if any. */
  leavePresent(reason: LeaveReason): number | undefined;
  leaveAll(reason: LeaveReason): void;
}

/** Makes an empty list of conversations. */
export function createOperatorConversations(): OperatorConversations {
  const underWay = new Map<OperatorConversation, number>();
  const present = (): readonly [OperatorConversation, number] | undefined => {
    const open = [...underWay].filter(([{ leaving }]) => !leaving.aborted);
    return open.find(([{ isAsked }]) => isAsked) ?? open[0];
  };
  return {
    begin(id) {
      const leaving = new AbortController();
      const conversation: OperatorConversation = {
        leaving: leaving.signal,
        isAsked: false,
        leave: (reason) => leaving.abort(reason),
        end: () => void underWay.delete(conversation),
      };
      underWay.set(conversation, id);
      return conversation;
    },
    leavePresent(reason) {
      const [conversation, id] = present() ?? [];
      conversation?.leave(reason);
      return id;
    },
    leaveAll(reason) {
      for (const conversation of underWay.keys()) conversation.leave(reason);
    },
  };
}
