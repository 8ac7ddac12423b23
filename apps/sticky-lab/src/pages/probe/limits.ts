/** Longest request that the page cuts, in bytes: a cell for each of 4095 cuts. The command line takes longer ones. */
export const MAX_REQUEST_BYTES = 4096;

/** Longest text of a request, in characters: each byte as `\xHH`. */
export const MAX_REQUEST_CHARS: number = 4 * MAX_REQUEST_BYTES;

/** Longest recording, in characters: the same bytes in hex, and their answers. */
export const MAX_RECORDING_CHARS = 262_144;

/** Most plans of one campaign. */
export const MAX_PLANS = 16;

/** Most trials of one campaign. */
export const MAX_TRIALS = 20_000;

/** Longest campaign, in milliseconds; it can be continued then. */
export const MAX_TIME_MS = 600_000;

/** Most bytes of answers that one trial keeps; several trials run concurrently. */
export const MAX_ANSWER_BYTES = 1_048_576;

/** Most connections at once. */
export const MAX_CONCURRENCY = 64;

/** Most campaigns that run at once. */
export const MAX_RUNNING = 2;

/** Most campaigns that ended and are kept to go on with, and for their stories; the oldest go first. */
export const MAX_ENDED = 8;
