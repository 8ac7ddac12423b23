export { drawByteLanes } from './byte-lanes.ts';
export { bytesOf, hexLines, textOf } from './bytes.ts';
export { type ConversationIndex, type Lane, indexConversation, isEndOfStream, rangeOf } from './conversation-index.ts';
export {
  type ByteRange,
  type Conversation,
  type ConversationEvent,
  type EventTotals,
  NO_EVENTS,
  type SegmentCount,
} from './conversation.ts';
export {
  BOX_HEIGHT,
  type Box,
  CAPTION_HEIGHT,
  type Drawing,
  HEAD_HEIGHT,
  MIN_WIDTH,
  PATTERN_HEIGHT,
  type PlacedPart,
  type Ribbon,
} from './drawing.ts';
export { fateOf } from './fate.ts';
export { clipped, fitting, offsets } from './labels.ts';
export { drawLadder } from './ladder.ts';
export { levelOf } from './level.ts';
export { type Part, partsOf } from './parts.ts';
export { type SizeBin, sizeBins } from './size-bins.ts';
