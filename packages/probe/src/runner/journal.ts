import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { ProbeError } from '../errors.ts';
import { FAILURE_KINDS } from '../types.ts';
import type { Exchange, SendStep, Verdict } from '../types.ts';

/** The identity of a campaign. Written into the first line of a journal. */
export interface CampaignIdentity {
  /** Hash of everything that is sent and awaited. */
  readonly exchange: string;
  readonly plans: string;
  readonly seed: string;
  readonly shard: string;
  readonly target: string;
  readonly pace: string;
  readonly masks: string;
}

/** The verdicts of a campaign, on disk as they come. */
export interface Journal {
  /** Whether the trial at this index has a verdict. */
  has(index: number): boolean;
  /** Writes a verdict. The system has it when this returns, so that the end of this process does not lose it. */
  add(index: number, verdict: Verdict): void;
  close(): void;
}

/** Options of {@link openJournal}. */
export interface JournalOptions {
  readonly path: string;
  readonly identity: CampaignIdentity;
  /** Number of trials of the whole campaign. */
  readonly count: number;
  /** Called with each verdict in the file, in order. */
  readonly onVerdict: (index: number, verdict: Verdict) => void;
}

const KIND = 'socklab probe journal 1';
const READ_BYTES = 65_536;
/** A verdict is one sentence and three numbers. */
const MAX_LINE_BYTES = 65_536;
const LINE_FEED = 0x0a;

/** A hash of an exchange: equal for the same bytes, waits and frames. */
export function hashExchange({ framing = '', steps }: Exchange): string {
  const hash = createHash('sha256').update(JSON.stringify([framing, steps.length]));
  for (const step of steps) {
    if ('send' in step) hash.update(JSON.stringify([step.send.length, step.end === true, ...marksOf(step)])).update(step.send);
    else hash.update(JSON.stringify([step.expect, step.captures?.map((capture) => ({ ...capture, pattern: capture.pattern?.source }))]));
  }
  return hash.digest('hex').slice(0, 32);
}

function marksOf({ glue, cut, slots }: SendStep): readonly unknown[] {
  return [glue, cut, slots].some((mark) => mark !== undefined) ? [glue, cut, slots] : [];
}

/**
 * Opens the journal of a campaign, or creates one. A torn last line, left by a process that ended while writing, is cut off: that
 * trial is repeated.
 *
 * ```
 * {"journal":"socklab probe journal 1","exchange":"9f…","plans":"every-cut","seed":"1","shard":"0/1",…}
 * [17,{"kind":"pass"}]
 * ```
 *
 * @throws ProbeError `PROBE_ERR_JOURNAL` when it belongs to another campaign, is not a journal, or cannot be read or written.
 */
export function openJournal({ path, identity, count, onVerdict }: JournalOptions): Journal {
  const file = openFile(path);
  const done = new Uint8Array(Math.ceil(count / 8));
  const has = (index: number): boolean => ((done[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  const mark = (index: number): void => {
    done[index >> 3] = (done[index >> 3] ?? 0) | (1 << (index & 7));
  };
  try {
    let end = readLines(file, path, (line, number) => {
      if (number === 1) return checkHeader(line, path, identity);
      const [index, verdict] = readEntry(line, number, path, count);
      if (has(index)) return;
      mark(index);
      onVerdict(index, verdict);
    });
    ftruncateSync(file, end);
    const write = (line: string): void => {
      end = writeLine(file, path, line, end);
    };
    if (end === 0) write(JSON.stringify({ journal: KIND, ...identity }));
    return {
      has,
      add(index, verdict) {
        if (has(index)) return;
        mark(index);
        write(JSON.stringify([index, verdict]));
      },
      close: () => closeSync(file),
    };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Writes a whole line, or none. @returns its end offset. */
function writeLine(file: number, path: string, line: string, start: number): number {
  const bytes = Buffer.from(`${line}\n`);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, start + at);
    return start + bytes.length;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    // Half a line would corrupt what is written once there is space again.
    ftruncateSync(file, start);
    throw new ProbeError('PROBE_ERR_JOURNAL', `the journal ${path} cannot be written: ${String(error.code)}`, { cause: error });
  }
}

function openFile(path: string): number {
  try {
    // Creates it if missing, and keeps its content.
    closeSync(openSync(path, 'a', 0o600));
    return openSync(path, 'r+');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new ProbeError('PROBE_ERR_JOURNAL', `the journal ${path} cannot be opened: ${String(error.code)}`, { cause: error });
  }
}

/** Calls `use` with each whole line; returns the end of the last one. */
function readLines(file: number, path: string, use: (line: string, number: number) => void): number {
  const memory = Buffer.alloc(READ_BYTES + MAX_LINE_BYTES);
  let lineStart = 0;
  let number = 0;
  let kept = 0;
  for (;;) {
    const count = readSync(file, memory, kept, READ_BYTES, lineStart + kept);
    if (count === 0) return lineStart;
    const end = kept + count;
    let start = 0;
    for (let lineEnd = memory.indexOf(LINE_FEED); lineEnd !== -1 && lineEnd < end; lineEnd = memory.indexOf(LINE_FEED, start)) {
      number += 1;
      use(memory.toString('utf8', start, lineEnd), number);
      start = lineEnd + 1;
    }
    lineStart += start;
    kept = end - start;
    if (kept > MAX_LINE_BYTES) throw broken(path, `line ${number + 1} has more than ${MAX_LINE_BYTES} bytes`);
    memory.copyWithin(0, start, end);
  }
}

function checkHeader(line: string, path: string, identity: CampaignIdentity): void {
  const header = parse(line);
  if (!isRecord(header) || header['journal'] !== KIND) throw broken(path, `its first line is not that of a ${JSON.stringify(KIND)}`);
  for (const [name, mine] of Object.entries(identity)) {
    if (header[name] !== mine) {
      throw broken(
        path,
        `it belongs to another campaign: its ${name} is ${JSON.stringify(header[name])}, this one's is ${JSON.stringify(mine)}`,
      );
    }
  }
}

function readEntry(line: string, number: number, path: string, count: number): [number, Verdict] {
  const entry = parse(line);
  if (Array.isArray(entry) && entry.length === 2 && isVerdict(entry[1])) {
    const index: unknown = entry[0];
    if (typeof index === 'number' && Number.isSafeInteger(index) && index >= 0 && index < count) return [index, entry[1]];
  }
  throw broken(path, `line ${number} is not a trial from 0 to ${count - 1} and its verdict`);
}

function isVerdict(value: unknown): value is Verdict {
  if (!isRecord(value)) return false;
  if (value['kind'] === 'pass' || value['kind'] === 'unconfirmed') return true;
  if (typeof value['detail'] !== 'string') return false;
  if (value['kind'] === 'flaky') return true;
  const isFailure = FAILURE_KINDS.some((failure) => failure === value['failure']);
  return value['kind'] === 'fail' && isFailure && typeof value['answer'] === 'number' && typeof value['at'] === 'number';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function broken(path: string, why: string): ProbeError {
  return new ProbeError('PROBE_ERR_JOURNAL', `the journal ${path} cannot be resumed: ${why}`);
}
