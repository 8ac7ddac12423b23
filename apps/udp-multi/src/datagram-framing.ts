import { codecByName, createFrameWriter } from '@socklab/framing';
import { maxPayloadBytes } from './limits.ts';
import { wholeMessages } from './whole-messages.ts';

/** Several messages in one datagram, each in a frame of the same format. */
export interface DatagramFraming {
  readonly name: string;
  /** The payloads of the frames; `undefined` when a frame is cut, or is none. */
  split(datagram: Uint8Array): readonly Uint8Array[] | undefined;
  /**
   * One datagram with a frame for each message.
   *
   * @throws FrameError when the format cannot carry a message: a line with a newline in it.
   */
  join(messages: readonly Uint8Array[]): Uint8Array;
}

/**
 * Makes a {@link DatagramFraming} by the name of a format, as `--framing` takes it.
 *
 * @throws RangeError naming the formats there are, when there is none of that name.
 */
export function datagramFraming(name: string): DatagramFraming {
  const codec = codecByName(name, { maxPayloadBytes: maxPayloadBytes('IPv6') });
  return {
    name,
    split: (datagram) => wholeMessages(codec, datagram),
    join(messages) {
      const writer = createFrameWriter({ slabBytes: 2048 });
      for (const message of messages) codec.encodeInto(writer, message);
      return writer.take();
    },
  };
}
