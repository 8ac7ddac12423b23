import { shown } from '../check-bytes.ts';
import { FrameError } from '../errors.ts';
import type { FrameErrorCode } from '../errors.ts';

/** What somebody's function threw, for the message of an error. */
export function thrownText(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : shown(thrown);
}

/** The code of an error that is thrown in the place of what somebody's function threw. */
export function codeOfThrown(thrown: unknown): FrameErrorCode {
  return thrown instanceof FrameError ? thrown.code : 'FRAME_ERR_PAYLOAD';
}

/** What somebody's function returned in the place of a number, for the message of an error. */
export function returnedText(returned: unknown): string {
  ignoreLater(returned);
  return typeof returned === 'number' ? String(returned) : shown(returned);
}

/** A promise in the place of an answer comes too late for anybody to handle: its rejection is nobody's, and must not end the process. */
export function ignoreLater(returned: unknown): void {
  if (returned instanceof Promise) returned.catch(() => undefined);
}

/** The error of a frame of `name` that could not be written: what a field or a checksum of the program threw is its cause. */
export function writeError(name: string, thrown: unknown): FrameError {
  if (thrown instanceof FrameError) return thrown;
  const error = new FrameError('FRAME_ERR_PAYLOAD', `writing a frame of ${name} threw ${thrownText(thrown)}`);
  error.cause = thrown;
  return error;
}
