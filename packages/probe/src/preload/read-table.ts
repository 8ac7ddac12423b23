import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PORT = 0;
const LOADS = 1;
const TOTAL = 3;
const ENTRIES = 8;
const WORDS = ENTRIES + 65_536;
const WORD_BYTES = 8;
const COUNT_BITS = 40n;
const COUNT_MASK = (1n << COUNT_BITS) - 1n;

/** What was counted of one connection. */
export interface ReadCount {
  /** The number of the connection: another one when it is another connection of the same port. */
  readonly connection: bigint;
  readonly bytes: number;
}

/** The table that the library writes to: see `LIBRARY_SOURCE`. */
export interface ReadTable {
  /** The file, for `SOCKLAB_READS`. */
  readonly path: string;
  /** How many processes have loaded the library. */
  readonly loads: number;
  /** The bytes that were counted of all connections. */
  readonly totalBytes: number;
  /** What was counted of the connection with this port of ours. */
  of(localPort: number): ReadCount;
  close(): void;
}

/** Makes a table for the connections of a server that listens on `port`, in a folder that only this user may open. */
export function createReadTable(port: number): ReadTable {
  const folder = mkdtempSync(join(tmpdir(), 'socklab-reads-'));
  const path = join(folder, 'table');
  const file = openSync(path, 'wx+', 0o600);
  // Sparse: only pages with counters take memory.
  ftruncateSync(file, WORDS * WORD_BYTES);
  const word = Buffer.alloc(WORD_BYTES);
  word.writeBigUInt64LE(BigInt(port));
  writeSync(file, word, 0, WORD_BYTES, PORT * WORD_BYTES);
  const read = (index: number): bigint => {
    readSync(file, word, 0, WORD_BYTES, index * WORD_BYTES);
    return word.readBigUInt64LE();
  };
  return {
    path,
    get loads() {
      return Number(read(LOADS));
    },
    get totalBytes() {
      return Number(read(TOTAL));
    },
    of(localPort) {
      const entry = read(ENTRIES + localPort);
      return { connection: entry >> COUNT_BITS, bytes: Number(entry & COUNT_MASK) };
    },
    close() {
      closeSync(file);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
