import { FrameError } from '@socklab/framing';
import type { Codec } from '@socklab/framing';

/** Most messages in a datagram: rates count datagrams, so none may be expensive. */
export const MAX_MESSAGES = 1024;

/**
 * The messages in one datagram; `undefined` when it is anything but complete messages, or has too many. Each datagram is a
 * stream of its own: nothing is carried over to the next one.
 *
 * @param most - Most messages; further ones are not read.
 */
export function wholeMessages<Message, Encodable>(
  codec: Codec<Message, Encodable>,
  datagram: Uint8Array,
  most: number = MAX_MESSAGES,
): readonly Message[] | undefined {
  const decoder = codec.createDecoder({ payload: 'view' });
  const messages: Message[] = [];
  const read = (): void => {
    while (messages.length <= most) {
      const message = decoder.next();
      if (message === undefined) return;
      messages.push(message);
    }
  };
  try {
    decoder.push(datagram);
    read();
    if (messages.length > most) return undefined;
    decoder.end();
    // In formats in which the end of the stream can end a frame, that frame follows now.
    read();
    return messages.length > most ? undefined : messages;
  } catch (error) {
    if (error instanceof FrameError) return undefined;
    throw error;
  }
}
