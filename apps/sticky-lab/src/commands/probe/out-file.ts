import { closeSync, openSync, writeFileSync } from 'node:fs';
import { codeOf, ServiceError } from '@socklab/service';

/** A file that is written. */
export interface OutFile {
  /** @throws ServiceError `SERVICE_ERR_OUTPUT` naming the option and the file. */
  write(bytes: string | Uint8Array): void;
  close(): void;
}

/**
 * Opens a file that its owner alone may read: what passes may hold passwords.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` naming the option and the file.
 */
export function openOut(option: string, path: string): OutFile {
  const failed = (code: 'SERVICE_ERR_USAGE' | 'SERVICE_ERR_OUTPUT', cause: unknown): ServiceError =>
    new ServiceError(code, `${option} ${path} cannot be written: ${codeOf(cause)}`, { cause });
  let file: number;
  try {
    file = openSync(path, 'w', 0o600);
  } catch (error) {
    throw failed('SERVICE_ERR_USAGE', error);
  }
  return {
    write(bytes) {
      try {
        writeFileSync(file, bytes);
      } catch (error) {
        throw failed('SERVICE_ERR_OUTPUT', error);
      }
    },
    close: () => closeSync(file),
  };
}
