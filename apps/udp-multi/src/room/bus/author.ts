import { MAX_NAME_BYTES, MAX_TEXT_BYTES, MESSAGE_HEADER_BYTES, SAID_HEADER_BYTES, saidHeader, TYPE, typeOfOne } from '@socklab/client/room';

/** The author of what an operator of another replica says to all. */
export const OPERATOR = 0;

/**
 * The author of a message from the bus: the number of a member, or {@link OPERATOR}; `undefined` for anything that no replica
 * sends. Read in place: whatever a broker delivers in one turn of the event loop is handled in that turn.
 */
export function authorOf(message: Uint8Array): number | undefined {
  const type = typeOfOne(message);
  if (type === TYPE.announce) return message.length <= MESSAGE_HEADER_BYTES + MAX_TEXT_BYTES ? OPERATOR : undefined;
  if (type !== TYPE.said || message.length < SAID_HEADER_BYTES) return undefined;
  const { member, nameBytes } = saidHeader(message);
  const textBytes = message.length - SAID_HEADER_BYTES - nameBytes;
  const isWhole = nameBytes <= MAX_NAME_BYTES && textBytes >= 0 && textBytes <= MAX_TEXT_BYTES;
  return isWhole && member !== OPERATOR ? member : undefined;
}
