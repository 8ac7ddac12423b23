import type { Lane } from './flow-index.ts';
import type { ByteRange, FlowEvent } from './flow.ts';
import type { MessageSlice } from './message-slices.ts';

/** A part of a box, in pixels; its height is the box's. */
export interface PlacedSlice extends MessageSlice {
  readonly x: number;
  readonly width: number;
  /** The number of the message, with dots on the sides where it goes on elsewhere; empty when there is no room. */
  readonly label: string;
}

/** One event, or in the first lane the messages that were meant. Lengths in pixels. */
export interface Box extends ByteRange {
  /** Which of the events it is; for messages that were meant, with which they were written, `null` when that is not drawn. */
  readonly event: number | null;
  readonly kind: FlowEvent['type'] | 'meant';
  readonly lane: Lane;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** What stands above it; empty when there is no room. */
  readonly caption: string;
  /** What stands in it when it has no parts. */
  readonly sign: string;
  readonly slices: readonly PlacedSlice[];
  /** Whether it was sent and never read. */
  readonly isLost: boolean;
}

/** A line, in pixels. */
export interface Stroke {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** The way of bytes of one message from the event that wrote them to the one that read them, as high at both ends as their share of the box. */
export interface Ribbon extends ByteRange {
  readonly from: number;
  readonly to: number;
  /** Which message, counting from 1; `null` when it is none, or several. */
  readonly message: number | null;
  readonly left: Edge;
  readonly right: Edge;
}

/** Where a ribbon leaves a box, or comes into one, in pixels. */
export interface Edge {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

/** A small text beside what is drawn: a time, an offset, a byte. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly text: string;
}

/** The name of a lane. */
export interface LaneHead {
  readonly lane: Lane;
  readonly x: number;
  readonly y: number;
  readonly anchor: Mark['anchor'];
}

/** All that is drawn, without colours and in no language. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly heads: readonly LaneHead[];
  readonly guides: readonly Stroke[];
  readonly ribbons: readonly Ribbon[];
  readonly marks: readonly Mark[];
  readonly boxes: readonly Box[];
}

/** What is to be drawn: a stretch of the events, and how wide. */
export interface DrawingOptions {
  /** In pixels; at least `MIN_WIDTH` is used. */
  readonly width: number;
  /** The first event. */
  readonly first: number;
  /** So many events at most. */
  readonly count: number;
}

/** The narrowest picture, in pixels: what a phone has between its margins. */
export const MIN_WIDTH = 320;

/** Height of what stands above the first boxes, in pixels. */
export const HEAD_HEIGHT = 26;

/** Boxes stand a multiple of it below each other, in pixels, so that a pattern as high looks the same in all of them. */
export const PATTERN_HEIGHT = 8;

/** Height of the line above a box, in pixels. */
export const CAPTION_HEIGHT = 13;

/** Height of a box, in pixels. */
export const BOX_HEIGHT = 22;
