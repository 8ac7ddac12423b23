import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { ProbeError } from '../../errors.ts';

/** What was learnt of the trials of a campaign, on disk as it comes. */
export interface Journal<Entry> {
  /** Whether the trial at this index is in it. */
  has(index: number): boolean;
  /** Writes an entry. The system has it when this returns, so that the end of this process does not lose it. */
  add(index: number, entry: Entry): void;
  close(): void;
}

/** Options of {@link openJournalFile}. */
export interface JournalFileOptions<Entry> {
  readonly path: string;
  /** What the first line calls it: the program and the version of its entries. */
  readonly kind: string;
  /** What makes the campaign this one, by name: written into the first line. */
  readonly identity: Readonly<Record<string, string>>;
  /** Number of trials of the whole campaign. */
  readonly count: number;
  readonly isEntry: (value: unknown) => value is Entry;
  /** Called with each entry in the file, in order. */
  readonly onEntry: (index: number, entry: Entry) => void;
}

const READ_BYTES = 65_536;
/** An entry is one sentence, a few numbers and excerpts of answers. */
const MAX_LINE_BYTES = 65_536;
const LINE_FEED = 0x0a;

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
export function openJournalFile<Entry>(options: JournalFileOptions<Entry>): Journal<Entry> {
  const { path, kind, identity, count, onEntry } = options;
  const file = openFile(path);
  const done = new Uint8Array(Math.ceil(count / 8));
  const has = (index: number): boolean => ((done[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  const mark = (index: number): void => {
    done[index >> 3] = (done[index >> 3] ?? 0) | (1 << (index & 7));
  };
  try {
    let end = readLines(file, path, (line, number) => {
      if (number === 1) return checkHeader(line, options);
      const [index, entry] = readEntry(line, number, options);
      if (has(index)) return;
      mark(index);
      onEntry(index, entry);
    });
    ftruncateSync(file, end);
    const write = (line: string): void => {
      end = writeLine(file, path, line, end);
    };
    if (end === 0) write(JSON.stringify({ journal: kind, ...identity }));
    return {
      has,
      add(index, entry) {
        if (has(index)) return;
        mark(index);
        write(JSON.stringify([index, entry]));
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

function checkHeader(line: string, { path, kind, identity }: Pick<JournalFileOptions<unknown>, 'path' | 'kind' | 'identity'>): void {
  const header = parse(line);
  if (!isRecord(header) || header['journal'] !== kind) throw broken(path, `its first line is not that of a ${JSON.stringify(kind)}`);
  for (const [name, mine] of Object.entries(identity)) {
    if (header[name] !== mine) {
      throw broken(
        path,
        `it belongs to another campaign: its ${name} is ${JSON.stringify(header[name])}, this one's is ${JSON.stringify(mine)}`,
      );
    }
  }
}

function readEntry<Entry>(
  line: string,
  number: number,
  { path, count, isEntry }: Pick<JournalFileOptions<Entry>, 'path' | 'count' | 'isEntry'>,
): [number, Entry] {
  const entry = parse(line);
  if (Array.isArray(entry) && entry.length === 2 && isEntry(entry[1])) {
    const index: unknown = entry[0];
    if (typeof index === 'number' && Number.isSafeInteger(index) && index >= 0 && index < count) return [index, entry[1]];
  }
  throw broken(path, `line ${number} is not a trial from 0 to ${count - 1} and its verdict`);
}

/** Whether a value of JSON is an object, or a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
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
