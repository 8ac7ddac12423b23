export type { CapturedPacket } from './captured-packet.ts';
export { portsOf } from './ports-of.ts';
export type { PacketPorts } from './ports-of.ts';
export { MAX_CAPTURE_BYTES, readCapture } from './read-capture.ts';
export type { ReadCapture } from './read-capture.ts';
export type { CapturedStream, StreamEvent, StreamHalf, StreamSide } from './stream.ts';
