export { drawByteLanes } from './byte-lanes.ts';
export { bytesOf, hexLines, textOf } from './bytes.ts';
export { type FlowIndex, type Lane, indexFlow, isEndOfStream, rangeOf } from './flow-index.ts';
export {
  type ByteRange,
  type RecordedFlow,
  type FlowEvent,
  type EventTotals,
  type HandshakeStep,
  NO_EVENTS,
  type SegmentCount,
  type WhyNoTimes,
} from './flow.ts';
export {
  BOX_HEIGHT,
  type Box,
  CAPTION_HEIGHT,
  type Drawing,
  HEAD_HEIGHT,
  MIN_WIDTH,
  PATTERN_HEIGHT,
  type PlacedSlice,
  type Ribbon,
} from './drawing.ts';
export { fateOf } from './fate.ts';
export { clipped, fitting, offsets } from './labels.ts';
export { drawLadder } from './ladder.ts';
export { levelOf } from './level.ts';
export { type MessageSlice, slicesOf } from './message-slices.ts';
export { type DrawnDatagram, drawPeers, type PeersDrawing } from './peers.ts';
export { type SizeBin, sizeBins } from './size-bins.ts';
