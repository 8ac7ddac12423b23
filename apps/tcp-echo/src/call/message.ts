import { open } from 'node:fs/promises';
import { ClientError } from '@socklab/client';

/** The longest message without a framing, in bytes. */
export const MAX_RAW_MESSAGE_BYTES: number = 64 * 1024 * 1024;

const MAX_CERTIFICATES_BYTES = 1024 * 1024;

/** Reads the message to send from a file. Throws ClientError `CLIENT_ERR_FILE`, also when it is longer than `maxBytes`. */
export function readMessage(path: string, maxBytes: number): Promise<Uint8Array> {
  return readWhole(path, 'the message', maxBytes);
}

/** Reads a file of certificates, in PEM. Throws ClientError `CLIENT_ERR_FILE`. */
export async function readCertificates(path: string): Promise<string> {
  const bytes = await readWhole(path, 'the certificates', MAX_CERTIFICATES_BYTES);
  const text = bytes.toString('latin1');
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new ClientError('CLIENT_ERR_FILE', `${path} holds no certificate in PEM: there is no "-----BEGIN CERTIFICATE-----" in it`);
}

async function readWhole(path: string, what: string, maxBytes: number): Promise<Buffer> {
  try {
    await using file = await open(path);
    const chunks: Buffer[] = [];
    let byteLength = 0;
    // Not by its size: a pipe has none, and a file may grow. `end` is the offset of the last byte read, so one too many is noticed.
    for await (const chunk of file.createReadStream({ end: maxBytes, autoClose: false }) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      byteLength += chunk.length;
    }
    if (byteLength > maxBytes) throw new ClientError('CLIENT_ERR_FILE', `${path} is too long for ${what}; allowed: ${maxBytes} bytes`);
    return Buffer.concat(chunks);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new ClientError('CLIENT_ERR_FILE', `cannot read ${what} from ${path}: ${error.message}`, { cause: error });
  }
}
