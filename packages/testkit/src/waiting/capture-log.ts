import { Writable } from 'node:stream';
import { createTranscript } from './transcript.ts';
import { createWatch } from './watch.ts';

/** A log destination that keeps what is logged. */
export interface CapturedLog {
  /** For the logger. Fails with an error event for a line that is not a JSON object. */
  readonly destination: Writable;
  /** The log entries so far, oldest first. */
  readonly lines: readonly Record<string, unknown>[];
  /** The `nth` entry (default: first) whose `msg` is `message`: past, or future within 20 seconds. */
  waitFor(message: string, nth?: number): Promise<Record<string, unknown>>;
}

/** Makes a {@link CapturedLog}. */
export function captureLog(): CapturedLog {
  const lines: Record<string, unknown>[] = [];
  const transcript = createTranscript();
  const watch = createWatch({ describe: () => `--- log\n${transcript.text}---` });
  let next = 0;
  const destination = new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      transcript.append(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
      try {
        for (; next < transcript.lineCount; next++) lines.push(entryOf(transcript.line(next)));
      } catch (error) {
        return done(error as SyntaxError);
      }
      watch.changed();
      done();
    },
  });
  return {
    destination,
    lines,
    waitFor: (message, nth = 1) => watch.until(`log line '${message}'`, () => lines.filter((entry) => entry['msg'] === message)[nth - 1]),
  };
}

function entryOf(line = ''): Record<string, unknown> {
  return JSON.parse(line) as Record<string, unknown>;
}
