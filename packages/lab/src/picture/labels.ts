import type { PlacedSlice } from './drawing.ts';
import type { ByteRange } from './flow.ts';
import type { MessageSlice } from './message-slices.ts';

/** Width of one narrow character of the pictures' letters, in pixels. */
const CHARACTER_WIDTH = 6.7;
const PADDING = 4;
/** A part is at least as wide as its number, where boxes need not be true to scale. */
const SLICE_WIDTH = 16;

/** How wide a text is drawn, in pixels. Ideographs take two characters. */
export function textWidth(text: string): number {
  let characters = 0;
  for (const character of text) characters += (character.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
  return characters * CHARACTER_WIDTH;
}

/** The first of these texts that there is room for, or none. */
export function fitting(width: number, ...texts: readonly string[]): string {
  return texts.find((text) => textWidth(text) + PADDING <= width) ?? '';
}

/** As much of a text as there is room for. */
export function clipped(width: number, text: string): string {
  if (textWidth(text) + PADDING <= width) return text;
  let shown = '';
  for (const character of text) {
    if (textWidth(`${shown}${character}…`) + PADDING > width) return shown === '' ? '' : `${shown}…`;
    shown += character;
  }
  return shown;
}

/** First and last byte of a range, as people count them: `0–8`, `5`; where an empty one stands. */
export function offsets({ start, end }: ByteRange): string {
  return end - start <= 1 ? `${start}` : `${start}–${end - 1}`;
}

/** What stands above a box, as there is room: where its bytes lie, how many they are. */
export function rangeCaption(range: ByteRange, width: number): string {
  const bytes = `${range.end - range.start} B`;
  if (range.end === range.start) return fitting(width, bytes);
  return fitting(width, `${offsets(range)} · ${bytes}`, bytes);
}

/** Lays parts side by side in a box, as wide as they have bytes. True to scale, or wide enough for their numbers. */
export function placeSlices(slices: readonly MessageSlice[], { x, width, isToScale }: SlicePlace): readonly PlacedSlice[] {
  const least = isToScale ? 0 : Math.min(SLICE_WIDTH, width / slices.length);
  const bytes = slices.reduce((sum, { start, end }) => sum + end - start, 0);
  const wanted = slices.map(({ start, end }) => Math.max(least, bytes === 0 ? 1 : ((end - start) / bytes) * width));
  const scale = width / wanted.reduce((sum, each) => sum + each, 0);
  let at = x;
  return slices.map((slice, index) => {
    const sliceWidth = wanted[index]! * scale;
    const placed = { ...slice, x: rounded(at), width: rounded(sliceWidth), label: sliceLabel(slice, sliceWidth) };
    at += sliceWidth;
    return placed;
  });
}

/** Where {@link placeSlices} lays them, in pixels. */
export interface SlicePlace {
  readonly x: number;
  readonly width: number;
  readonly isToScale: boolean;
}

/** A tenth of a pixel is all that can be seen. */
export function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function sliceLabel({ message, merged, hasStart, hasEnd }: MessageSlice, width: number): string {
  if (merged > 0) return fitting(width, `+${merged}`, '…');
  if (message === null) return '';
  return fitting(width, `${hasStart ? '' : '…'}${message}${hasEnd ? '' : '…'}`, `${message}`);
}
