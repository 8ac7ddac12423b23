import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { codeOf } from '@socklab/service';
import type { FileHandle } from 'node:fs/promises';

/** How long reading a file may take, in milliseconds: a file of an unreachable network share never ends. */
const READ_LIMIT_MS = 5000;

const READ_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  ENXIO: 'it is a socket',
};

/** Options of {@link readBounded}. */
export interface ReadBoundedOptions {
  readonly maxBytes: number;
  /** Makes the error for what is wrong with the file. */
  readonly refuse: (reason: string, cause?: unknown) => Error;
}

/**
 * Reads a whole file that a user named. Only a regular file: a pipe ends when its writer likes, and a process that blocks in
 * `open` for one cannot exit.
 *
 * @throws What `refuse` makes, for a file that cannot be read, is not regular, is too long or takes too long.
 */
export async function readBounded(path: string, { maxBytes, refuse }: ReadBoundedOptions): Promise<Buffer> {
  const tooSlow = Promise.withResolvers<never>();
  const timer = setTimeout(() => tooSlow.reject(refuse(`it was not read within ${READ_LIMIT_MS} ms`)), READ_LIMIT_MS);
  try {
    return await Promise.race([readRegular(path, { maxBytes, refuse }), tooSlow.promise]);
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined || !(error instanceof Error && 'syscall' in error)) throw error;
    throw refuse(`${READ_ERRORS[code] ?? 'it cannot be read'} (${code})`, error);
  } finally {
    clearTimeout(timer);
  }
}

async function readRegular(path: string, { maxBytes, refuse }: ReadBoundedOptions): Promise<Buffer> {
  // Non-blocking: a pipe without a writer opens at once, and is then refused as no regular file.
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await file.stat();
  if (stats.isDirectory()) throw refuse('it is a folder (EISDIR)');
  if (!stats.isFile()) throw refuse('it is not a regular file');
  return await readUpTo(file, maxBytes, refuse);
}

async function readUpTo(file: FileHandle, maxBytes: number, refuse: ReadBoundedOptions['refuse']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let byteLength = 0;
  // One byte over the limit shows that there is more: the size of a growing file, or of one in /proc, says nothing.
  for await (const chunk of file.createReadStream({ end: maxBytes, autoClose: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    byteLength += chunk.length;
  }
  if (byteLength > maxBytes) throw refuse(`it has more than ${maxBytes} bytes, which is the limit`);
  return Buffer.concat(chunks);
}
