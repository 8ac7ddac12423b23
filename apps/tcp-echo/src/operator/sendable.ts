import { FrameError } from '@socklab/framing';
import { ServiceError } from '@socklab/service';
import type { Framing } from '../options.ts';
import type { ByteCodec } from '@socklab/framing';

/** Why the framing cannot carry a message, if so: the operator can enter something else. */
export function refusalOf(message: Uint8Array, codec: ByteCodec): string | undefined {
  try {
    codec.encode(message);
    return undefined;
  } catch (error) {
    if (error instanceof FrameError) return error.message;
    throw error;
  }
}

/**
 * Refuses an option's text that the framing cannot carry: every connection would fail because of it, one by one.
 *
 * @param said - A text, or bytes; empty means nothing to send.
 * @throws ServiceError `SERVICE_ERR_USAGE`
 */
export function checkSendable(option: string, said: string | Uint8Array, { name, codec }: Pick<Framing, 'name' | 'codec'>): void {
  if (said.length === 0) return;
  const refusal = refusalOf(typeof said === 'string' ? Buffer.from(said) : said, codec);
  if (refusal === undefined) return;
  throw new ServiceError('SERVICE_ERR_USAGE', `${option}: --framing ${name} cannot carry it: ${refusal}`);
}
