import { FrameError } from '@socklab/framing';
import type { Codec } from '@socklab/framing';

/**
 * The messages in one datagram: all of them, or `undefined` when it is anything but whole messages. A datagram is the end of
 * its own stream: nothing of it is left for the next one.
 */
export function wholeMessages<Message, Encodable>(codec: Codec<Message, Encodable>, datagram: Uint8Array): readonly Message[] | undefined {
  const decoder = codec.createDecoder({ payload: 'view' });
  const messages: Message[] = [];
  const read = (): void => {
    for (let message = decoder.next(); message !== undefined; message = decoder.next()) messages.push(message);
  };
  try {
    decoder.push(datagram);
    read();
    decoder.end();
    // Where the end of a stream may end a frame, that frame comes now.
    read();
    return messages;
  } catch (error) {
    if (error instanceof FrameError) return undefined;
    throw error;
  }
}
