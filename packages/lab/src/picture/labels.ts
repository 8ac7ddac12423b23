import type { ByteRange } from './conversation.ts';
import type { PlacedPart } from './drawing.ts';
import type { Part } from './parts.ts';

/** Width of one narrow character of the pictures' letters, in pixels. */
const CHARACTER_WIDTH = 6.7;
const PADDING = 4;
/** A part is at least as wide as its number, where boxes need not be true to scale. */
const PART_WIDTH = 16;

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
export function placeParts(parts: readonly Part[], { x, width, isToScale }: PartPlace): readonly PlacedPart[] {
  const least = isToScale ? 0 : Math.min(PART_WIDTH, width / parts.length);
  const bytes = parts.reduce((sum, { start, end }) => sum + end - start, 0);
  const wanted = parts.map(({ start, end }) => Math.max(least, bytes === 0 ? 1 : ((end - start) / bytes) * width));
  const scale = width / wanted.reduce((sum, each) => sum + each, 0);
  let at = x;
  return parts.map((part, index) => {
    const partWidth = wanted[index]! * scale;
    const placed = { ...part, x: rounded(at), width: rounded(partWidth), label: partLabel(part, partWidth) };
    at += partWidth;
    return placed;
  });
}

/** Where {@link placeParts} lays them, in pixels. */
export interface PartPlace {
  readonly x: number;
  readonly width: number;
  readonly isToScale: boolean;
}

/** A tenth of a pixel is all that can be seen. */
export function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function partLabel({ message, merged, hasStart, hasEnd }: Part, width: number): string {
  if (merged > 0) return fitting(width, `+${merged}`, '…');
  if (message === null) return '';
  return fitting(width, `${hasStart ? '' : '…'}${message}${hasEnd ? '' : '…'}`, `${message}`);
}
