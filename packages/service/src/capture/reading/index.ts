export { MAX_CAPTURE_BYTES, readCapture } from './read-capture.ts';
export type { ReadCapture } from './read-capture.ts';
export type { CapturedStream, StreamEvent, StreamHalf, StreamSide } from './stream.ts';
