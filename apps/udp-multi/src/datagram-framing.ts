import { wholeMessages } from '@socklab/client/room';
import { codecByName, createFrameWriter, framingOf } from '@socklab/framing';
import { maxPayloadBytes } from './limits.ts';

/** Several messages in one datagram, each in a frame of the same format. */
export interface DatagramFraming {
  readonly name: string;
  /** The payloads of the frames; `undefined` when a frame is cut, or invalid. */
  split(datagram: Uint8Array): readonly Uint8Array[] | undefined;
  /**
   * One datagram with a frame for each message.
   *
   * @throws FrameError when the format cannot carry a message, such as a line that contains a newline.
   */
  join(messages: readonly Uint8Array[]): Uint8Array;
}

/**
 * Makes a {@link DatagramFraming} from a name, a short form or a layout, as `framingOf` takes them.
 *
 * @throws RangeError that lists the names, or says where the layout is wrong.
 */
export function datagramFraming(framing: string): DatagramFraming {
  const codec = codecByName(framing, { maxPayloadBytes: maxPayloadBytes('IPv6') });
  return {
    name: framingOf(framing).name,
    split: (datagram) => wholeMessages(codec, datagram),
    join(messages) {
      const writer = createFrameWriter({ slabBytes: 2048 });
      for (const message of messages) codec.encodeInto(writer, message);
      return writer.take();
    },
  };
}
