/** Longest request of one send, in bytes. */
export const MAX_SEND_BYTES = 16_777_216;

/** Most steps of one exchange. */
export const MAX_STEPS = 10_000;

/** Longest conversation, recording or report that is read, in bytes. */
export const MAX_FILE_BYTES = 268_435_456;

/** Longest line of a recording, in characters. */
export const MAX_LINE_CHARS = 33_554_432;
