import { createReadStream } from 'node:fs';
import { ServiceError } from './exit.ts';
import { codeOf } from './system-error.ts';

/** A file of certificates or keys. */
export interface PemFile {
  readonly path: string;
  readonly text: string;
  /** The error for what is wrong with it; says which option named the file. */
  refuse(reason: string, cause?: unknown): ServiceError;
}

// A bundle of all public authorities has 200 KiB.
const MAX_PEM_BYTES = 1_048_576;

const READ_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  EISDIR: 'it is a folder',
};

/**
 * Reads a file of at most 1 MiB; a pipe is one too.
 * @throws ServiceError `SERVICE_ERR_TLS`.
 */
export async function readPem(path: string, flag: string): Promise<PemFile> {
  const refuse = (reason: string, cause?: unknown) => new ServiceError('SERVICE_ERR_TLS', `${flag} ${path}: ${reason}`, { cause });
  const chunks: Buffer[] = [];
  try {
    // One byte over the limit shows that there is more.
    for await (const chunk of createReadStream(path, { end: MAX_PEM_BYTES })) chunks.push(chunk as Buffer);
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw refuse(`${READ_ERRORS[code] ?? 'it cannot be read'} (${code})`, error);
  }
  const bytes = Buffer.concat(chunks);
  if (bytes.length > MAX_PEM_BYTES) throw refuse(`it has more than ${MAX_PEM_BYTES} bytes, so it is no PEM file`);
  return { path, text: bytes.toString('latin1'), refuse };
}
