import { ServiceError } from '@socklab/service';
import { readBounded } from './read-file.ts';

/** A file of certificates or keys. */
export interface PemFile {
  readonly path: string;
  readonly text: string;
  /** Makes the error for what is wrong with it; it names the option of the file. */
  refuse(reason: string, cause?: unknown): ServiceError;
}

// A bundle of all public authorities has 200 KiB.
const MAX_PEM_BYTES = 1_048_576;

/**
 * Reads a regular file of at most 1 MiB.
 * @throws ServiceError `SERVICE_ERR_TLS`.
 */
export async function readPem(path: string, flag: string): Promise<PemFile> {
  const refuse = (reason: string, cause?: unknown) => new ServiceError('SERVICE_ERR_TLS', `${flag} ${path}: ${reason}`, { cause });
  const bytes = await readBounded(path, { maxBytes: MAX_PEM_BYTES, refuse });
  return { path, text: bytes.toString('latin1'), refuse };
}
