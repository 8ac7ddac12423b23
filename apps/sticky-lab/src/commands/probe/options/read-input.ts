import { open } from 'node:fs/promises';
import { ServiceError } from '@socklab/service';
import type { Readable } from 'node:stream';

const CHUNK_BYTES = 65_536;

/**
 * Reads a whole file that an option names.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` when it cannot be read or has more than `maxBytes`.
 */
export async function readInput(option: string, path: string, maxBytes: number): Promise<Buffer> {
  try {
    await using file = await open(path);
    return await collect(file.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false }), `${option} ${path}`, maxBytes);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw usage(`${option} ${path} cannot be read: ${'code' in error ? String(error.code) : error.message}`, error);
  }
}

/** Reads a stream to its end, as standard input. @throws ServiceError `SERVICE_ERR_USAGE` over `maxBytes`. */
export async function collect(stream: Readable, what: string, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let byteLength = 0;
  for await (const chunk of stream as AsyncIterable<Buffer | string>) {
    const bytes = Buffer.from(chunk);
    byteLength += bytes.length;
    if (byteLength > maxBytes) throw usage(`${what} has more than ${maxBytes} bytes, which is the limit`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function usage(message: string, cause?: Error): ServiceError {
  return new ServiceError('SERVICE_ERR_USAGE', message, { cause });
}
