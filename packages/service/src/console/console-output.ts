import { Writable } from 'node:stream';
import { boundedOutput } from '../log/output.ts';
import { createMissedTexts } from './missed.ts';
import type { Screen } from './screen.ts';

/** Bytes waiting for the reader of a console from which on texts are held back: the latest are kept, see {@link createMissedTexts}. */
const MAX_WAITING_BYTES = 65_536;

/** Output of a console that never blocks: a terminal can be stopped, and the reader of a pipe can stop reading. */
export interface ConsoleOutput {
  write(text: string): void;
  /** The same as a stream with the size of the terminal, as node:readline wants it. */
  readonly stream: Writable;
  /** Whether so much waits for the reader that nothing more should be written. */
  readonly isBehind: boolean;
  /** Called whenever the reader has taken everything. */
  onCaughtUp: () => void;
  /** Stops following the size of the terminal. */
  close(): void;
}

/** Opens the output of a console. Only standard output can be written without blocking; any other stream is written as it is. */
export function openConsoleOutput(stream: Writable): ConsoleOutput {
  if (stream !== process.stdout) return unbounded(stream);
  // Texts that find no room are counted before they come here.
  const lines = boundedOutput({ onLost: () => undefined, onTaken: () => output.onCaughtUp() });
  const write = (text: string): void => lines.write(text);
  const terminal = terminalStream(process.stdout, write);
  const output: ConsoleOutput = {
    write,
    stream: terminal.stream,
    get isBehind() {
      return lines.waitingBytes > MAX_WAITING_BYTES;
    },
    onCaughtUp: () => undefined,
    close: terminal.close,
  };
  return output;
}

function unbounded(stream: Writable): ConsoleOutput {
  const write = (text: string): void => void stream.write(text);
  return { write, stream, isBehind: false, onCaughtUp: () => undefined, close: () => undefined };
}

function terminalStream(of: NodeJS.WriteStream, write: (text: string) => void): { stream: Writable; close: () => void } {
  const stream = new Writable({
    decodeStrings: false,
    write(text: string | Uint8Array, _encoding, done) {
      write(typeof text === 'string' ? text : Buffer.from(text).toString());
      done();
    },
  });
  Object.defineProperties(stream, { columns: { get: () => of.columns }, rows: { get: () => of.rows } });
  const onResize = (): void => void stream.emit('resize');
  of.on('resize', onResize);
  return { stream, close: () => void of.off('resize', onResize) };
}

/**
 * A screen whose reader may stop reading: what is shown meanwhile is kept, the latest of it, until the reader has taken what was
 * written before.
 *
 *     showing --output.isBehind--> keeping --all is taken--> showing
 *
 * @param current - Returns the screen, which can change.
 */
export function patientScreen(current: () => Screen, output: ConsoleOutput): Screen {
  const missed = createMissedTexts();
  let isKeeping = false;
  let ask: (() => void) | undefined;
  let change: (() => void) | undefined;
  const keeps = (): boolean => (isKeeping ||= output.isBehind);
  output.onCaughtUp = () => {
    if (!isKeeping) return;
    isKeeping = false;
    for (const text of missed.take()) current().write(text);
    ask?.();
    change?.();
    ask = change = undefined;
  };
  return {
    asked() {
      if (keeps()) ask = () => current().asked();
      else current().asked();
    },
    changed(isAsked) {
      if (keeps()) change = () => current().changed(isAsked);
      else current().changed(isAsked);
    },
    write(text) {
      if (keeps()) missed.add(text);
      else current().write(text);
    },
    close: () => current().close(),
  };
}
