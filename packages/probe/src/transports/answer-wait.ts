import { FrameError } from '@socklab/framing';
import { framingCodec } from '../exchange/frames.ts';
import { createPatience, lookEach } from '../patience.ts';
import type { Bytes } from '../types.ts';
import type { AnswerReader } from './answer-reader.ts';

/**
 * When an answer is complete. `bytes`, `frames`: after that many. `quiet`: after some bytes, followed by a time of
 * silence. `end`: after the peer's end.
 */
export type Goal =
  | { readonly kind: 'bytes'; readonly count: number }
  | {
      readonly kind: 'frames';
      readonly count: number;
      readonly framing: string;
      /** Frames in which one of these matches are not counted. */ readonly ignored?: readonly RegExp[];
    }
  | {
      readonly kind: 'quiet';
      readonly ms: number;
      /** Whether silence from the start is an answer too. */ readonly mayBeEmpty?: boolean;
      /** So many bytes need no silence. */ readonly enoughBytes?: number;
    }
  | { readonly kind: 'end' };

/** `late`: the goal was not reached in time. `ended`: the connection ended, before the goal or as the goal. */
export type WaitResult = 'reached' | 'ended' | 'late';

/**
 * Waits until an answer is complete, its connection ends, or `timeoutMs` has passed. A standstill of this process counts neither as
 * time nor as silence of the peer.
 *
 * @throws the signal's reason, once it aborts.
 */
export function untilAnswered(reader: AnswerReader, goal: Goal, timeoutMs: number, signal?: AbortSignal): Promise<WaitResult> {
  const frames = goal.kind === 'frames' ? createFrameCounter(reader, goal) : undefined;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error);
    const patience = createPatience(timeoutMs);
    const silence = goal.kind === 'quiet' ? createPatience(goal.ms) : undefined;
    const settle = (finish: () => void): void => {
      clearInterval(timer);
      signal?.removeEventListener('abort', abort);
      reader.listen(undefined);
      finish();
    };
    const abort = (): void => settle(() => reject(signal?.reason as Error));
    const look = (now: number): void => {
      const isReached = isGoalReached(reader, goal, silence?.isOver(now) ?? false, frames?.isEnough() ?? false);
      if (isReached) return settle(() => resolve('reached'));
      if (reader.state !== 'open' || reader.isOverflowed) return settle(() => resolve('ended'));
      if (patience.isOver(now)) settle(() => resolve('late'));
    };
    // A timer that is not restarted costs nothing per chunk.
    const timer = lookEach(Math.min(timeoutMs, goal.kind === 'quiet' ? goal.ms : timeoutMs), look);
    signal?.addEventListener('abort', abort, { once: true });
    reader.listen((chunk) => {
      if (chunk !== undefined) frames?.push(chunk);
      silence?.renew(reader.changedAt);
      look(reader.changedAt);
    });
    look(performance.now());
  });
}

function isGoalReached(reader: AnswerReader, goal: Goal, isSilent: boolean, hasFrames: boolean): boolean {
  if (goal.kind === 'bytes') return reader.answerBytes >= goal.count;
  if (goal.kind === 'frames') return hasFrames;
  if (goal.kind === 'quiet' && goal.enoughBytes !== undefined && reader.answerBytes >= goal.enoughBytes) return true;
  if (goal.kind === 'quiet') return isSilent && (reader.answerBytes > 0 || goal.mayBeEmpty === true);
  return reader.state === 'fin';
}

interface FrameCounter {
  push(chunk: Bytes): void;
  isEnough(): boolean;
}

/** Counts the frames of the answer, including those that are already there. */
function createFrameCounter(
  reader: AnswerReader,
  { count, framing, ignored = [] }: Extract<Goal, { readonly kind: 'frames' }>,
): FrameCounter {
  const decoder = framingCodec(framing).createDecoder();
  let frames = 0;
  let isBroken = false;
  const isIgnored = (): boolean => {
    if (ignored.length === 0) return false;
    const text = Buffer.from(decoder.payloadMemory.subarray(decoder.payloadStart, decoder.payloadEnd)).toString('latin1');
    return ignored.some((pattern) => text.search(pattern) >= 0);
  };
  const push = (chunk: Bytes): void => {
    if (isBroken) return;
    try {
      decoder.push(chunk);
      while (decoder.advance()) if (!isIgnored()) frames += 1;
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      // The rest is not a frame: the received bytes are the answer, and are compared unchanged.
      isBroken = true;
    }
  };
  for (const chunk of reader.pendingChunks) push(chunk);
  return { push, isEnough: () => isBroken || frames >= count };
}
