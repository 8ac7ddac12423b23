import { FrameError } from '@socklab/framing';
import type { Codec } from '@socklab/framing';

/** Messages of one datagram: rates count datagrams, so none may cost a great deal. */
export const MAX_MESSAGES = 1024;

/**
 * The messages in one datagram: all of them, or `undefined` when it is anything but whole messages, or has too many. A datagram is
 * the end of its own stream: nothing of it is left for the next one.
 *
 * @param most - Messages that it may have; none behind them is looked at.
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
    // Where the end of a stream may end a frame, that frame comes now.
    read();
    return messages.length > most ? undefined : messages;
  } catch (error) {
    if (error instanceof FrameError) return undefined;
    throw error;
  }
}
