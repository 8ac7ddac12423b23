import { shown } from '../check-bytes.ts';
import { FrameError } from '../errors.ts';
import type { FrameErrorCode } from '../errors.ts';

/** A value that a program's function threw, for an error message. */
export function thrownText(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : shown(thrown);
}

/** The code of the error that wraps it. */
export function codeOfThrown(thrown: unknown): FrameErrorCode {
  return thrown instanceof FrameError ? thrown.code : 'FRAME_ERR_PAYLOAD';
}

/** A value that a program's function returned instead of a number, for an error message. */
export function returnedText(returned: unknown): string {
  ignoreLater(returned);
  return typeof returned === 'number' ? String(returned) : shown(returned);
}

/** Handles the rejection of a promise that was returned instead of an answer: unhandled, it would end the process. */
export function ignoreLater(returned: unknown): void {
  if (returned instanceof Promise) returned.catch(() => undefined);
}

/** The error of a frame of `name` that could not be written; its cause is what the program's field or checksum threw. */
export function writeError(name: string, thrown: unknown): FrameError {
  if (thrown instanceof FrameError) return thrown;
  const error = new FrameError('FRAME_ERR_PAYLOAD', `writing a frame of ${name} threw ${thrownText(thrown)}`);
  error.cause = thrown;
  return error;
}
