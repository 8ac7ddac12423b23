import { open, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import type { FileHandle } from 'node:fs/promises';

/** Why a library that is loaded into a program sees none of its reads. */
export type Unseen = 'static' | 'go';

const PROGRAM_INTERPRETER = 3;
const MAX_TABLE_BYTES = 1_048_576;
const HEADER_BYTES = 64;

/**
 * Whether a program reads its sockets otherwise than by functions of libc that can be replaced: a static one loads no library, and Go makes system
 * calls of its own. Undefined for every other one, also for scripts and for what is not found: those show by what they do.
 *
 * @param program as a command line has it: a path, or a name that is looked up in PATH
 */
export async function unseenReads(program: string): Promise<Unseen | undefined> {
  const file = await find(program);
  if (file === undefined) return undefined;
  try {
    const header = await bytesAt(file, 0, HEADER_BYTES);
    // 64-bit, little-endian: the machines that Node.js runs on.
    if (header.length < HEADER_BYTES || header.readUInt32BE(0) !== 0x7f454c46 || header[4] !== 2 || header[5] !== 1) return undefined;
    if (await isGo(file, header)) return 'go';
    return (await isStatic(file, header)) ? 'static' : undefined;
  } finally {
    await file.close();
  }
}

async function find(program: string): Promise<FileHandle | undefined> {
  const paths = program.includes('/') ? [program] : (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, program));
  for (const path of paths) {
    try {
      return await open(await realpath(path));
    } catch {
      // Not there, or not for us: starting it tells.
    }
  }
  return undefined;
}

async function isStatic(file: FileHandle, header: Buffer): Promise<boolean> {
  const size = header.readUInt16LE(54);
  const segments = await tableAt(file, header.readBigUInt64LE(32), size * header.readUInt16LE(56));
  const types = Array.from({ length: Math.floor(segments.length / size) }, (_, index) => segments.readUInt32LE(index * size));
  return types.length > 0 && !types.includes(PROGRAM_INTERPRETER);
}

async function isGo(file: FileHandle, header: Buffer): Promise<boolean> {
  const size = header.readUInt16LE(58);
  const sections = await tableAt(file, header.readBigUInt64LE(40), size * header.readUInt16LE(60));
  const names = header.readUInt16LE(62) * size;
  if (size === 0 || names + size > sections.length) return false;
  const text = await tableAt(file, sections.readBigUInt64LE(names + 24), Number(sections.readBigUInt64LE(names + 32)));
  return text.includes('\0.go.buildinfo\0') || text.includes('\0.note.go.buildid\0');
}

function tableAt(file: FileHandle, offset: bigint, bytes: number): Promise<Buffer> {
  return bytes > MAX_TABLE_BYTES ? Promise.resolve(Buffer.alloc(0)) : bytesAt(file, Number(offset), bytes);
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
